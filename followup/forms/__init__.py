"""What people fill in about how it goes."""

from followup.forms.filters import ActivityFilter
from followup.forms.merging import MergeForm
from followup.forms.reporting import ReportForm

__all__ = ["ActivityFilter", "MergeForm", "ReportForm"]
