"""leadgen carries a person's inquiry to the training schools she picked, once each, with proof of her consent.

The journey of a lead, read downwards (each stage is the folder of that name):

1. ``guides``        She reads what the work is, and types her ZIP code.
2. ``intake.draft``  Her answers wait, sealed, for at most a day after she last touched them.
3. ``matching``      The offerings that fit are found and ranked. Each carries its reasons.
4. ``intake.submit`` One transaction writes the inquiry, her contact (sealed), the choices as shown,
   the consents she gave and the verdict of screening on each choice.
5. ``review``        A released choice becomes a lead and its deliveries. A held one waits for staff.
6. ``delivery``      A worker claims a delivery, commits the attempt, and only then sends.
7. ``dispositions``  The school accepts, returns and reports back.
8. ``privacy``       She sees who has her data, and withdraws.

``journey`` conducts these stages, one verb per file. ``web``, ``tasks`` and ``cli`` are the doors.
Stages add and flush; only doors commit (``delivery.dispatch`` is the exception, and says why).
"""
