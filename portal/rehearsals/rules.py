"""What may be rehearsed of a call."""

from calls.models import Call, JuryRules

from .models import Rehearsal

Stage = Rehearsal.Stage


def stages_of(call: Call) -> list[str]:
    """Where one may begin: the jury and the decision are played only where a jury votes by name."""
    rules = JuryRules.objects.filter(call=call).first()
    voted = rules is not None and rules.ballot == "nominal" and call.seat_templates.filter(president=True).exists()
    first = [Stage.OPEN.value, Stage.CLOSED.value]
    return [*first, Stage.JURY.value, Stage.DECISION.value] if voted else first
