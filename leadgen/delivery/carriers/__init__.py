"""The carriers: each knows one kind of endpoint, and none knows what a delivery is.

Every carrier is called as ``carry(parcel, destination, line)``, returns an Answer where the other side
has the parcel, and raises a CarrierError (contract.py) that says what to do next where it has not.
"""

from leadgen.delivery.carriers import batch, email, form_post, portal, webhook
from leadgen.delivery.carriers.contract import Carrier
from leadgen.models.endpoint import EndpointKind

CARRIERS: dict[EndpointKind, Carrier] = {
    EndpointKind.email: email.carry,
    EndpointKind.webhook: webhook.carry,
    EndpointKind.form_post: form_post.carry,
    EndpointKind.portal: portal.carry,
    EndpointKind.batch: batch.carry,
}
