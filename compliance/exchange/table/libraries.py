"""The libraries for Excel workbooks, which are an extra: imported when they are needed, and named when they lack."""

from __future__ import annotations

import importlib
import os
from typing import Any

from compliance.problems import refuse

_SWITCH = "OPENPYXL_DEFUSEDXML"
"""The variable by which openpyxl does without defusedxml."""
INSTALL = "install it with: pip install 'compliance-evidence[excel]'"


def xlsxwriter_module() -> Any:
    """What writes workbooks. Raises Refused, with what to install, where it is not there."""
    try:
        return importlib.import_module("xlsxwriter")
    except ModuleNotFoundError:
        hint = f"{INSTALL}; or export as CSV"
        raise refuse("what writes Excel workbooks is not installed", hint=hint) from None


def openpyxl_module() -> Any:
    """What reads workbooks, with the guard against harmful XML in force.

    Raises Refused, with what to install, where openpyxl or defusedxml is not there, and where the environment switches
    the guard off.
    """
    hint = f"{INSTALL}; or save the sheet as CSV in the spreadsheet program, and read that"
    try:
        openpyxl = importlib.import_module("openpyxl")
    except ModuleNotFoundError:
        raise refuse("what reads Excel workbooks is not installed", hint=hint) from None
    if not openpyxl.DEFUSEDXML:
        if _SWITCH in os.environ:
            hint = f"take {_SWITCH} out of the environment"
        raise refuse("what keeps harmful XML out of workbooks is not installed, or is switched off", hint=hint)
    return openpyxl
