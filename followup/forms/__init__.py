"""What people fill in about how it goes."""

from followup.forms.filters import ActivityFilter
from followup.forms.merging import ReportMergeForm
from followup.forms.reporting import ReportForm

__all__ = ["ActivityFilter", "ReportForm", "ReportMergeForm"]
