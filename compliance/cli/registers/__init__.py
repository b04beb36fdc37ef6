"""The commands of the registers that are kept between audits."""
