"""What was sent to signature is kept: text, parties, beneficiaries, annexes. Only states, dates, signatures are told."""

from django.db import migrations

from portal.core.database import insert_only, kept_when

PARTY = """
CREATE FUNCTION refuse_party_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told text[] := ARRAY['signed_on', 'event_id', 'recorded_by_id', 'organisation_id'];
    drafted boolean;
BEGIN
    SELECT state = 'drafting' INTO drafted FROM agreements_agreement
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.agreement_id ELSE OLD.agreement_id END;
    IF drafted THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - told = to_jsonb(OLD) - told
        AND (OLD.signed_on IS NULL OR (NEW.signed_on = OLD.signed_on AND NEW.event_id IS NOT DISTINCT FROM OLD.event_id))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a party of an agreement sent to signature does not change' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER agreements_party_kept BEFORE INSERT OR UPDATE OR DELETE ON agreements_party
    FOR EACH ROW EXECUTE FUNCTION refuse_party_change();
"""
WITHIN = """
CREATE FUNCTION refuse_unless_drafting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    drafted boolean;
BEGIN
    SELECT state = 'drafting' INTO drafted FROM agreements_agreement
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.agreement_id ELSE OLD.agreement_id END;
    IF drafted THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'table %: the agreement was sent to signature', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER agreements_annex_kept BEFORE INSERT OR UPDATE OR DELETE ON agreements_annex
    FOR EACH ROW EXECUTE FUNCTION refuse_unless_drafting();
CREATE TRIGGER agreements_beneficiaries_kept BEFORE INSERT OR UPDATE OR DELETE ON agreements_agreement_beneficiaries
    FOR EACH ROW EXECUTE FUNCTION refuse_unless_drafting();
"""
UNDO_PARTY = "DROP TRIGGER agreements_party_kept ON agreements_party; DROP FUNCTION refuse_party_change();"
UNDO_WITHIN = (
    "DROP TRIGGER agreements_annex_kept ON agreements_annex; "
    "DROP TRIGGER agreements_beneficiaries_kept ON agreements_agreement_beneficiaries; "
    "DROP FUNCTION refuse_unless_drafting();"
)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_signing"), ("core", "0009_documents_kept")]
    operations = [
        kept_when("agreements_agreement", "OLD.state <> 'drafting'", but=["state", "effective_on", "ended_on"]),
        migrations.RunSQL(PARTY, UNDO_PARTY),
        migrations.RunSQL(WITHIN, UNDO_WITHIN),
        insert_only("agreements_signingevent"),
        insert_only("agreements_visa"),
        insert_only("agreements_signedcopy"),
    ]
