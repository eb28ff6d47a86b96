"""Addresses of what was decided, and of those who work with it."""

from django.urls import include, path

from actionplan import (
    converters,  # noqa: F401  (makes <year:…>, <edition:…> and <kind:…> known)
)
from actionplan.views import (
    comparing,
    draft,
    importing,
    inviting,
    measures,
    moving,
    new_plan,
    outline,
    people,
    plans,
    rows,
    tables,
)

of_the_organisation = [
    path("", people.organisation, name="organisation-people"),
    path("bjud-in/", people.invite, name="invite"),
    path("inbjudningar/<int:invitation>/", people.change_invitation, name="change-invitation"),
    path("behorigheter/<int:membership>/", people.end_membership, name="end-membership"),
    path("ge/<int:person>/", people.give_membership, name="give-membership"),
]

of_a_revision = [
    path("<year:year>/", plans.revision, name="revision"),
    path("<year:year>.pdf", plans.revision_pdf, name="revision-pdf"),
    path("<year:year>.xlsx", importing.revision_workbook, name="revision-workbook"),
    path("<year:year>.zip", importing.revision_tables, name="revision-tables"),
    path("<year:year>/utgava/<edition:edition>/", plans.revision_edition, name="revision-edition"),
    path("<year:year>/utgava/<edition:edition>.pdf", plans.edition_pdf, name="revision-edition-pdf"),
    path("<year:year>/utgava/<edition:edition>.json", plans.edition_content, name="revision-edition-content"),
]

of_the_draft = [
    path("", outline.draft, name="draft"),
    path("borja/", draft.begin, name="begin-draft"),
    path("ratta/<year:year>/", draft.correct, name="begin-correction"),
    path("beslut/", draft.decide, name="draft-decision"),
    path("faststall/", draft.adopt, name="adopt"),
    path("kasta/", draft.discard, name="discard-draft"),
    path("plan.xlsx", importing.draft_workbook, name="draft-workbook"),
    path("mall.xlsx", importing.template, name="draft-template"),
    path("las-in/", importing.import_draft, name="import-draft"),
    path("las-in/<uuid:upload>/", importing.draft_imported, name="draft-imported"),
    path("las-in/tabell/", tables.import_table, name="import-table"),
    path("las-in/tabell/<uuid:upload>/", tables.table_imported, name="table-imported"),
    path("las-in/tabell/<uuid:upload>/kolumner/", tables.columns, name="table-columns"),
    path("las-in/tabell/<uuid:upload>/organisationer/", tables.names, name="table-names"),
    path("lagg-till/<kind:kind>/", rows.add_row, name="add-draft-row"),
    path("nyckeltal/", measures.find_measure, name="find-measure"),
    path("utmaningar/<slug:key>/", outline.challenge, name="draft-challenge"),
    path("<kind:kind>/<slug:key>/andra/", rows.change_row, name="draft-row"),
    path("<kind:kind>/<slug:key>/flytta/", moving.move_row, name="move-draft-row"),
    path("<kind:kind>/<slug:key>/ta-bort/", moving.remove_row, name="remove-draft-row"),
    path("<kind:kind>/<slug:key>/lagg-tillbaka/", moving.put_back_row, name="put-back-draft-row"),
]

urlpatterns = [
    path("planer/<slug:plan>/utkast/", include(of_the_draft)),
    path("planer/<slug:plan>/revideringar/", include(of_a_revision)),
    path("planer/<slug:plan>/jamfor/", comparing.compare_revisions, name="compare-revisions"),
    path("ny-plan/", new_plan.new_plan, name="new-plan"),
    path("ny-plan/mall.xlsx", importing.new_plan_template, name="new-plan-template"),
    path("ny-plan/las-in/", importing.import_plan, name="import-plan"),
    path("ny-plan/las-in/<uuid:upload>/", importing.plan_imported, name="plan-imported"),
    path("personer/", people.people, name="people"),
    path("personer/<slug:organisation>/", include(of_the_organisation)),
    path("konton/", people.accounts, name="accounts"),
    path("konton/las-in/", inviting.import_people, name="import-people"),
    path("konton/las-in/mall.xlsx", inviting.people_template, name="people-template"),
    path("konton/las-in/<uuid:upload>/", inviting.people_imported, name="people-imported"),
    path("konton/<int:person>/", people.account, name="account-of"),
    path("konton/<int:person>/stang/", people.close_account, name="close-account"),
    path("konton/<int:person>/andra-steget/", people.remove_second_step, name="remove-second-step"),
]
