"""The blueprint of what other systems report to us."""

from flask import Blueprint

bp = Blueprint("hooks", __name__, url_prefix="/hooks")
