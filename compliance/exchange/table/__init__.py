"""Tables, CSV and workbooks: read from foreign programs, written for people."""
