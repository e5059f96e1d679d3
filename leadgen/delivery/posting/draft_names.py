"""Which of our fields a field of theirs means, by its name: a table of what systems call them. Pure."""

import re

from leadgen.delivery.posting.encode import ATTRIBUTE, split_name

_CALLED = {
    "first_name": "firstname fname first givenname given namefirst forename first_nm studentfirstname leadfirstname",
    "last_name": "lastname lname last surname familyname family namelast last_nm studentlastname leadlastname",
    "full_name": "fullname name contactname studentname leadname prospectname customername yourname",
    "email": "email emailaddress mail emailid primaryemail contactemail homeemail personalemail emailhome email1 "
    "studentemail leademail",
    "phone": "phone phonenumber phone1 homephone phonehome cell cellphone cellnumber mobile mobilephone mobilenumber "
    "dayphone phoneday daytimephone primaryphone primaryphonenumber tel telephone contactphone phonemobile phonecell "
    "phoneprimary eveningphone phoneevening phno contactnumber leadphone studentphone",
    "zip": "zip zipcode postalcode postcode postal zip5 postalzip zippostal zippostalcode zipcodehome homezip",
    "city": "city town locality homecity",
    "state": "state stateprovince province region stateabbr statecode st homestate stateabbreviation stateid",
    "program": "program programcode programid programofinterest programinterest areaofinterest course coursecode "
    "courseid courseofinterest major desiredprogram interest curriculum curriculumid programkey",
    "program_title": "programname programtitle coursename coursetitle",
    "offering_id": "offering offeringid",
    "age": "age currentage applicantage",
    "education": "education educationlevel highesteducation levelofeducation highestlevelofeducation edulevel "
    "currenteducation highestedu educationcompleted priorededucation highesteducationlevel edlevel",
    "credential": "credential degreelevel degreetype awardlevel desireddegree credentialtype degree",
    "format": "format modality learningformat deliverymethod classtype learningpreference instructionmode",
    "contact_times": "besttimetocall besttime contacttime preferredcontacttime timetocall besttimetocontact calltime",
    "lead_id": "leadid externalid externalleadid vendorleadid partnerleadid referenceid uniqueid sourceleadid "
    "transactionid txid yourreference partnerreference",
    "received_at": "createdat submittedat datesubmitted leaddate timestamp submissiondate createddate inquirydate "
    "datecreated leadcreated inquirydatetime captureddate dateofinquiry created submitted optindate leaddatetime",
    "consent_at": "consentdate tcpadate consenttimestamp optintimestamp consentat tcpatimestamp consentgivenat",
    "consent_text": "tcpatext consenttext tcpalanguage disclosure consentlanguage tcpadisclosure disclosuretext "
    "optintext tcpacopy",
    "test": "test istest testlead testmode testflag",
}
FIELDS = {word.replace("_", ""): field for field, words in _CALLED.items() for word in words.split()}
MAY_CALL = frozenset(
    """
    tcpa tcpaconsent consent optin tcpaoptin phoneconsent smsconsent smsoptin consentgiven hasconsent
    okaytocall contactconsent agreetocontact tcpaagree
    """.split()  # noqa: SIM905 - read as a list of words
)
# about her, and we have no such field: the sample's value must never go out for everybody
PERSONAL = frozenset(
    """
    address address1 address2 addressline1 addressline2 street streetaddress street1 street2 addr addr1
    addr2 unit apt dob dateofbirth birthdate birthday gender sex ssn middlename middleinitial mi mname
    ip ipaddress clientip userip useragent browser trustedform trustedformurl trustedformcert
    trustedformcerturl xxtrustedformcerturl universalleadid jornaya jornayaid jornayaleadid leadidtoken
    certurl gradyear graduationyear hsgradyear highschoolgraduationyear yearofgraduation military
    ismilitary veteran citizen uscitizen comments comment notes message country county salutation prefix
    suffix title altphone alternatephone phone2 workphone phonework fax sessionid gclid fbclid clickid
    """.split()  # noqa: SIM905 - read as a list of words
)
SECRET = re.compile(
    r"(?:api|access|auth|security|private|post|partner|vendor|client|campaign)?_?(?:key|token|secret|password|passwd|pwd)"
    r"|apikey|apitoken|pass|hash|signature",
    re.IGNORECASE,
)
# whose name, city or id it is, where it is not hers
_OTHERS = frozenset(
    """
    school campus college campaign source vendor company publisher affiliate partner site page
    """.split()  # noqa: SIM905 - read as a list of words
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WRAPPERS = re.compile(
    r"^(?:lead|student|prospect|applicant|contact|customer|person|user|inquiry|field|txt|custom)(?=.)"
)


def fold(name: str) -> str:
    """A name without its case, spaces, hyphens and underscores."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def list_names(name: str) -> list[str]:
    """What a nested name may be called: its end, its end with what holds it, the end without words like lead."""
    plain = split_name(name.replace("[", ".").replace("]", ""))
    steps = [fold(step.removeprefix(ATTRIBUTE).rpartition(":")[2]) for step in plain]
    steps = [step for step in steps if step and not step.isdigit()] or [""]
    end = steps[-1]
    joined = ["".join(steps[-2:])] if len(steps) > 1 else []
    return [*joined, end, _WRAPPERS.sub("", end)]


def find_field(name: str) -> str | None:
    """Our field, or None where the name tells of none."""
    names = list_names(name)
    if len(names) > 2 and names[0].removesuffix(names[1]) in _OTHERS and names[0] not in FIELDS:
        return None
    return next((FIELDS[each] for each in names if each in FIELDS), None)


def is_personal(name: str) -> bool:
    """Whether it is about her, and nothing that we have."""
    return any(each in PERSONAL for each in list_names(name))


def asks_whether_to_call(name: str) -> bool:
    return any(each in MAY_CALL for each in list_names(name))


def is_secret(name: str) -> bool:
    """Whether its name says that it lets somebody in."""
    end = split_name(name)[-1].removeprefix(ATTRIBUTE)
    snake = _CAMEL.sub("_", end).replace("-", "_").lower()
    return SECRET.fullmatch(snake.removeprefix("x_")) is not None


def name_secret(name: str) -> str:
    """A name for it that a map may use."""
    end = split_name(name)[-1].removeprefix(ATTRIBUTE)
    snake = re.sub(r"[^a-z0-9]+", "_", _CAMEL.sub("_", end).lower()).strip("_").removeprefix("x_")
    return (snake if snake[:1].isalpha() else f"key_{snake}")[:40].rstrip("_") or "key"
