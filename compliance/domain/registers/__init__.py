"""The registers: what is kept between audits, one module for each."""
