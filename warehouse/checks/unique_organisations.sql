-- Every organisation stands in core.organisations once.
select organisation_key from core.organisations group by organisation_key having count(*) > 1
