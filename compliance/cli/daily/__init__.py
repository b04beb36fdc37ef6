"""The commands of every day: today, evidence, gaps, renewals, plan."""
