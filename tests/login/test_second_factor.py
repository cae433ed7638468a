"""Whoever has given only the password is nobody; the code makes the session whole."""

from __future__ import annotations

import re
from base64 import b32decode
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from cms.editors.groups import ADMINISTRATORS, ensure_groups
from cms.login.second_factor import devices
from tests.login.codes import KEY, code, give_app, wrong_code

PASSWORD = "betul-betul-rahsia"
CODE = "/admin/second-factor/code/"
SET_UP = "/admin/second-factor/set-up/"
TURN_OFF = "/admin/second-factor/turn-off/"
RECOVERY_CODES = "/admin/second-factor/recovery-codes/"


@pytest.fixture
def superuser(db) -> User:
    return User.objects.create_superuser("pentadbir", "pentadbir@example.test", PASSWORD)


@pytest.fixture
def app(superuser) -> TOTPDevice:
    return give_app(superuser)


def use_language(user: User, language: str) -> None:
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = language
    profile.save()


def make_user(name: str, *groups: str) -> User:
    user = User.objects.create_user(name, f"{name}@example.test", PASSWORD)
    user.groups.set(Group.objects.filter(name__in=groups))
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


def log_in(user: User, next_address: str = "/admin/") -> Client:
    """A browser in which the right password was sent."""
    client = Client()
    form = {"username": user.username, "password": PASSWORD, "next": next_address}
    assert client.post("/admin/login/", form).status_code == 302
    return client


def verified(user: User, later: int = 0) -> Client:
    """A browser in which the code was sent as well."""
    client = log_in(user)
    assert client.post(CODE, {"code": code(later=later)}).status_code == 302
    assert is_inside(client)
    return client


def is_inside(client: Client) -> bool:
    return client.get("/admin/account/").status_code == 200


def wait_is_over() -> None:
    """Let time pass: move the last wrong code into the past."""
    for model in (TOTPDevice, StaticDevice):
        for device in model.objects.exclude(throttling_failure_timestamp=None):
            device.throttling_failure_timestamp -= timedelta(days=1000)
            device.save()


# After the password


def test_the_code_is_asked_for_after_the_password_and_lets_the_person_go_on(superuser, app):
    client = log_in(superuser, "/admin/images/")
    first_key = client.session.session_key
    answer = client.get("/admin/images/", follow=True)
    assert answer.redirect_chain[-1] == (f"{CODE}?next=/admin/images/", 302)
    assert re.search(r'<input[^>]* name="code"[^>]*>', answer.text)
    answer = client.post(f"{CODE}?next=/admin/images/", {"code": code(), "next": "/admin/images/"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/images/")
    assert client.get("/admin/images/").status_code == 200
    assert client.session.session_key != first_key


def test_an_account_without_a_second_factor_needs_none(superuser):
    assert is_inside(log_in(superuser))


def test_the_code_page_sends_nobody_to_another_server(superuser, app):
    client = log_in(superuser)
    form = {"code": code(), "next": "https://evil.example.org/"}
    assert client.post(CODE, form)["Location"] == "/admin/"


def test_the_field_suits_telephones_password_managers_and_screen_readers(superuser, app):
    client = log_in(superuser)
    field = re.search(r'<input[^>]* name="code"[^>]*>', client.get(CODE).text)[0]
    assert 'autocomplete="one-time-code"' in field
    assert 'inputmode="numeric"' in field
    page = client.post(CODE, {"code": wrong_code()}).text
    field = re.search(r'<input[^>]* name="code"[^>]*>', page)[0]
    assert 'aria-invalid="true"' in field
    described_by = re.search(r'aria-describedby="([^"]+)"', field)[1].split()
    assert all(f'id="{identifier}"' in page for identifier in described_by)
    assert (
        "inputmode"
        not in re.search(r'<input[^>]* name="code"[^>]*>', client.get(f"{CODE}?recovery=1").text)[0]
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [("ms", "Masukkan kod anda"), ("en", "Enter your code")],
)
def test_the_page_is_in_the_language_of_the_account(superuser, app, language, words):
    use_language(superuser, language)
    page = log_in(superuser).get(CODE).text
    assert words in page
    assert f'<html lang="{language}"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "12345",
        "1234567",
        "abcdef",
        "٣٤٥٦٧٨",
        "½½½½½½",
        "a" * 65,
        "x" * 16,
        "\0" * 6,
        "---",
        "0x12",
    ],
)
def test_what_is_no_code_is_refused_with_a_message(superuser, app, wrong):
    client = log_in(superuser)
    answer = client.post(CODE, {"code": wrong})
    assert answer.status_code == 200
    assert 'class="error-message"' in answer.text or "w-field__errors" in answer.text
    assert not is_inside(client)


def test_a_code_may_be_typed_in_groups(superuser, app):
    shown = code()
    client = log_in(superuser)
    assert client.post(CODE, {"code": f" {shown[:3]} {shown[3:]} "}).status_code == 302
    assert is_inside(client)


def test_a_code_works_once_in_all_sessions(superuser, app):
    shown = code()
    first, second = log_in(superuser), log_in(superuser)
    assert first.post(CODE, {"code": shown}).status_code == 302
    assert second.post(CODE, {"code": shown}).status_code == 200
    assert not is_inside(second)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="every transaction is alone there")
@pytest.mark.parametrize("is_recovery_code", [False, True])
def test_two_requests_with_one_code_wait_for_each_other(superuser, app, is_recovery_code):
    [recovery, *_rest] = devices.renew_recovery_codes(superuser)
    with CaptureQueriesContext(connection) as queries:
        devices.check_code(superuser, recovery if is_recovery_code else code())
    locked = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert ["otp_totp_totpdevice" in sql for sql in locked] == [True, False][: len(locked)]
    assert len(locked) == 1 + is_recovery_code


def test_codes_of_others_and_old_codes_are_wrong(superuser, app):
    other = make_user("lain")
    TOTPDevice.objects.create(user=other, name="app", key="00" * 20)
    for sent in (code("00" * 20), code(later=-3), code(later=3)):
        wait_is_over()
        client = log_in(superuser)
        assert client.post(CODE, {"code": sent}).status_code == 200
        assert not is_inside(client)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ms", "Terlalu banyak kod yang salah. Cuba lagi dalam"),
        ("en", "Too many wrong codes. Try again in"),
    ],
)
def test_wrong_codes_lengthen_the_wait_which_the_page_tells(superuser, app, language, words):
    use_language(superuser, language)
    waits = []
    for number in range(9):
        if number:
            wait_is_over()
        client = log_in(superuser)
        assert client.post(CODE, {"code": wrong_code()}).status_code == 200
        # Also the right code, in any session, and without lengthening the wait.
        for attempt in (log_in(superuser), client):
            refused = attempt.post(CODE, {"code": code()})
            assert refused.status_code == 429
            assert words in refused.text
            assert not is_inside(attempt)
        waits.append(int(refused["Retry-After"]))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert "5 minit" in refused.text or "5 minutes" in refused.text
    wait_is_over()
    assert client.post(CODE, {"code": code()}).status_code == 302


def test_wrong_codes_are_logged_without_the_code(superuser, app, caplog):
    log_in(superuser).post(CODE, {"code": "987123"})
    log_in(superuser).post(CODE, {"code": "987123"})
    messages = [item.getMessage() for item in caplog.records if item.name == "cms.login"]
    assert len(messages) == 2
    assert "987123" not in " ".join(messages)
    assert all(f"account {superuser.pk}" in message for message in messages)


# Recovery codes


def test_a_recovery_code_works_once_and_is_logged_and_told(superuser, app):
    first, second = devices.renew_recovery_codes(superuser)[:2]
    client = log_in(superuser)
    assert client.post(CODE, {"code": first.upper().replace("-", " ")}).status_code == 302
    assert is_inside(client)
    assert "9" in client.get("/admin/").text
    again = log_in(superuser)
    assert again.post(CODE, {"code": first}).status_code == 200
    assert not is_inside(again)
    wait_is_over()
    assert again.post(CODE, {"code": second}).status_code == 302
    assert ModelLogEntry.objects.filter(action="cms.second_factor.recovery_code_used").count() == 2
    assert "pentadbir@example.test" in mail.outbox[0].to


def test_recovery_codes_are_not_stored(superuser, app):
    codes = devices.renew_recovery_codes(superuser)
    assert len({*codes}) == 10
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == 10
    plain = {item.replace("-", "") for item in codes}
    assert not stored & (plain | {*codes})
    # What is stored is no code either.
    client = log_in(superuser)
    assert client.post(CODE, {"code": stored.pop()}).status_code == 200
    assert not is_inside(client)


def test_recovery_codes_of_others_are_wrong_and_guesses_are_throttled(superuser, app):
    other = make_user("lain")
    give_app(other)
    [theirs, *_rest] = devices.renew_recovery_codes(other)
    [own, *_rest] = devices.renew_recovery_codes(superuser)
    client = log_in(superuser)
    assert client.post(CODE, {"code": theirs}).status_code == 200
    assert client.post(CODE, {"code": own}).status_code == 429
    assert not is_inside(client)


def test_new_recovery_codes_need_a_code_and_void_the_old_ones(superuser, app):
    [old, *_rest] = devices.renew_recovery_codes(superuser)
    client = verified(superuser)
    assert client.post(RECOVERY_CODES, {"code": wrong_code()}).status_code == 200
    wait_is_over()
    page = client.post(RECOVERY_CODES, {"code": code(later=1)}).text
    new = re.findall(r"<code>([a-z2-7-]{19})</code>", page)
    assert len(new) == 10
    assert old not in new
    assert new[0] not in client.get(RECOVERY_CODES).text
    assert log_in(superuser).post(CODE, {"code": old}).status_code == 200
    wait_is_over()
    assert log_in(superuser).post(CODE, {"code": new[0]}).status_code == 302


# Set-up


def key_in(page: str) -> str:
    typed = re.search(r'<code class="second-factor__key">([A-Z2-7-]+)</code>', page)[1]
    return b32decode(typed.replace("-", "")).hex()


def test_an_account_sets_up_its_second_factor_and_gets_recovery_codes(superuser):
    client, elsewhere = log_in(superuser), log_in(superuser)
    assert SET_UP in client.get("/admin/account/").text
    page = client.get(SET_UP).text
    assert "<svg" in page
    key = key_in(page)
    refused = client.post(SET_UP, {"code": wrong_code(key)})
    assert refused.status_code == 200
    assert key_in(refused.text) == key
    assert not TOTPDevice.objects.exists()
    first_key = client.session.session_key
    done = client.post(SET_UP, {"code": code(key)})
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", done.text)
    assert len(codes) == 10
    assert client.session.session_key != first_key
    assert KEY not in str(dict(client.session))
    assert key not in str(dict(client.session))
    assert is_inside(client)
    # Other sessions need the code from now on, and the code of the set-up was used.
    assert not is_inside(elsewhere)
    assert elsewhere.post(CODE, {"code": code(key)}).status_code == 200
    wait_is_over()
    assert elsewhere.post(CODE, {"code": codes[0]}).status_code == 302
    assert ModelLogEntry.objects.filter(action="cms.second_factor.set_up").count() == 1
    assert len(mail.outbox) == 2


def test_the_qr_code_says_what_apps_expect(superuser):
    url = devices.app_url(superuser, KEY)
    assert url == (
        "otpauth://totp/PERKESO%20CMS%3Apentadbir?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&algorithm=SHA1&digits=6&period=30&issuer=PERKESO%20CMS"
    )


def test_there_is_no_second_set_up(superuser, app):
    client = verified(superuser)
    assert client.get(SET_UP).status_code == 302
    assert devices.set_up(superuser, "00" * 20, code("00" * 20)) is None
    assert TOTPDevice.objects.count() == 1


def test_the_password_alone_does_not_reach_the_set_up_or_what_changes_the_second_factor(
    superuser, app
):
    client = log_in(superuser)
    for address in (SET_UP, RECOVERY_CODES, TURN_OFF):
        for answer in (client.get(address), client.post(address, {"code": code()})):
            assert (answer.status_code, answer["Location"]) in {
                (302, CODE),
                (302, f"/admin/login/?next={address}"),
            }
    assert TOTPDevice.objects.count() == 1
    assert not is_inside(client)


# Where it is required


@pytest.fixture
def groups(db) -> None:
    ensure_groups()


@pytest.mark.parametrize(
    ("required", "name", "must"),
    [
        ("none", "pentadbir", False),
        ("administrators", "pentadbir", True),
        ("administrators", "ketua", True),
        ("administrators", "pegawai", False),
        ("all", "pegawai", True),
    ],
)
def test_those_who_must_have_one_reach_only_the_set_up(
    superuser, groups, settings, required, name, must
):
    settings.REQUIRE_SECOND_FACTOR = required
    make_user("ketua", ADMINISTRATORS)
    make_user("pegawai", "Pegawai Komunikasi")
    client = log_in(User.objects.get(username=name))
    assert is_inside(client) is not must
    if not must:
        return
    landed = client.get("/admin/images/", follow=True)
    assert landed.redirect_chain[-1] == (f"{SET_UP}?next=/admin/images/", 302)
    assert client.get(CODE)["Location"] == SET_UP
    key = key_in(landed.text)
    done = client.post(SET_UP, {"code": code(key), "next": "/admin/images/"})
    assert 'href="/admin/images/"' in done.text
    assert is_inside(client)


def test_whoever_may_change_groups_or_add_users_is_an_administrator(db, settings):
    settings.REQUIRE_SECOND_FACTOR = "administrators"
    for codename in ("change_group", "add_user", "change_user", "add_group"):
        user = make_user(codename)
        user.user_permissions.add(Permission.objects.get(codename=codename))
        assert not is_inside(log_in(user))


def test_sessions_that_began_before_it_was_required_are_asked_too(superuser, settings):
    client = log_in(superuser)
    settings.REQUIRE_SECOND_FACTOR = "administrators"
    assert not is_inside(client)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(SET_UP)


# Turning it off


def test_turning_it_off_needs_a_code_and_ends_other_sessions(superuser, app):
    client = verified(superuser)
    elsewhere, half = verified(superuser, later=1), log_in(superuser)
    assert client.post(TURN_OFF, {"code": wrong_code()}).status_code == 200
    assert TOTPDevice.objects.exists()
    wait_is_over()
    [recovery, *_rest] = devices.renew_recovery_codes(superuser)
    assert client.post(TURN_OFF, {"code": recovery}).status_code == 302
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    assert is_inside(client)
    assert not is_inside(elsewhere)
    assert not is_inside(half)
    assert half.get("/admin/login/").status_code == 200
    assert is_inside(log_in(superuser))
    assert ModelLogEntry.objects.filter(action="cms.second_factor.turn_off").count() == 1


def test_it_cannot_be_turned_off_where_it_is_required(superuser, app, settings):
    client = verified(superuser)
    settings.REQUIRE_SECOND_FACTOR = "administrators"
    assert TURN_OFF not in client.get("/admin/account/").text
    ajax = {"headers": {"X-Requested-With": "XMLHttpRequest"}}
    assert client.get(TURN_OFF, **ajax).status_code == 403
    assert client.post(TURN_OFF, {"code": code(later=1)}, **ajax).status_code == 403
    assert TOTPDevice.objects.exists()


# An administrator resets it


def reset(client: Client, user: User):
    return client.post(reverse("second_factor_reset", args=[user.pk]))


def test_an_administrator_resets_the_second_factor_of_others(superuser, groups):
    person, chief = make_user("pegawai", "Pegawai Komunikasi"), make_user("ketua", ADMINISTRATORS)
    give_app(person)
    session, half = verified(person), log_in(person)
    client = log_in(chief)
    page = client.get("/admin/users/").text
    assert reverse("second_factor_reset", args=[person.pk]) in page
    assert reverse("second_factor_reset", args=[chief.pk]) not in page
    assert "pegawai" in client.get(reverse("second_factor_reset", args=[person.pk])).text
    assert TOTPDevice.objects.exists()
    assert reset(client, person).status_code == 302
    assert not TOTPDevice.objects.exists()
    assert not is_inside(session)
    assert not is_inside(half)
    assert is_inside(log_in(person))
    entry = ModelLogEntry.objects.get(action="cms.second_factor.reset")
    assert (entry.user, entry.object_id) == (chief, str(person.pk))
    [message] = mail.outbox
    assert message.to == ["pegawai@example.test"]
    assert "pegawai" in message.body
    assert reset(client, person).status_code == 302
    assert len(mail.outbox) == 1


def test_the_mail_is_in_the_language_of_the_person(superuser, app):
    for language, words in (("ms", "Faktor kedua akaun anda"), ("en", "The second factor of")):
        use_language(superuser, language)
        give_app(superuser)
        call_command("reset_second_factor", "pentadbir", stdout=StringIO())
        assert words in mail.outbox.pop().subject


def test_a_mail_that_cannot_be_sent_stops_nothing(superuser, app, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    call_command("reset_second_factor", "pentadbir", stdout=StringIO())
    assert not TOTPDevice.objects.exists()


def test_nobody_resets_their_own_nor_an_administrator_a_superusers(superuser, app, groups):
    chief, officer = make_user("ketua", ADMINISTRATORS), make_user("pegawai", "Pegawai Komunikasi")
    target = make_user("penerbit", "Penerbit")
    give_app(target)
    for client, user in (
        (verified(superuser), superuser),
        (log_in(chief), superuser),
        (log_in(chief), chief),
        (log_in(officer), target),
        (Client(), target),
    ):
        before = TOTPDevice.objects.count()
        reset(client, user)
        assert TOTPDevice.objects.count() == before


def test_the_command_is_the_way_out_for_the_last_administrator(superuser, app, settings):
    settings.REQUIRE_SECOND_FACTOR = "administrators"
    client = verified(superuser)
    call_command("reset_second_factor", "pentadbir", stdout=StringIO())
    assert not is_inside(client)
    assert log_in(superuser).get(SET_UP).status_code == 200
    with pytest.raises(CommandError, match="no second factor"):
        call_command("reset_second_factor", "pentadbir")
    with pytest.raises(CommandError, match="no account"):
        call_command("reset_second_factor", "tiada")


# Ways past it


def test_a_new_password_does_not_replace_the_code(superuser, app):
    client = Client()
    client.post("/admin/password_reset/", {"email": superuser.email})
    [message] = mail.outbox
    address = re.search(r"http://testserver(/admin/password_reset/confirm/\S+)", message.body)[1]
    form_address = client.get(address)["Location"]
    new = {"new_password1": "baharu-sekali-9", "new_password2": "baharu-sekali-9"}
    assert client.post(form_address, new).status_code == 302
    assert not is_inside(client)
    sent = {"username": "pentadbir", "password": "baharu-sekali-9"}
    assert client.post("/admin/login/", sent).status_code == 302
    assert not is_inside(client)
    assert client.get("/admin/login/")["Location"] == CODE


def test_what_the_session_of_another_account_holds_is_worth_nothing(superuser, app):
    other = make_user("lain")
    theirs = give_app(other)
    client = log_in(superuser)
    session = client.session
    for value in (str(theirs.pk), "", "None", None, theirs.pk, app.pk, [str(app.pk)]):
        session["second_factor"] = value
        session.save()
        assert not is_inside(client), value


def test_an_app_that_is_not_confirmed_is_none(superuser):
    TOTPDevice.objects.create(user=superuser, name="app", key=KEY, confirmed=False)
    assert is_inside(log_in(superuser))


def test_whoever_has_only_the_password_can_log_out(superuser, app):
    client = log_in(superuser)
    assert client.post("/admin/logout/").status_code == 302
    assert client.get("/admin/login/").status_code == 200


def test_another_account_can_log_in_in_the_same_browser(superuser, app):
    other = make_user("lain")
    client = log_in(superuser)
    client.post("/admin/login/", {"username": other.username, "password": PASSWORD})
    assert is_inside(client)
    assert client.get("/admin/account/").context["user"] == other


@pytest.mark.parametrize("page", ["/ms/_util/login/", "/en/_util/login/"])
def test_every_log_in_page_asks_for_the_code(superuser, app, page):
    client = Client()
    client.post(page, {"username": "pentadbir", "password": PASSWORD, "next": "/ms/profil/"})
    assert not is_inside(client)
    assert client.get(f"{page}?next=/ms/profil/")["Location"] == f"{CODE}?next=/ms/profil/"


def test_private_files_are_for_whole_sessions(superuser, app):
    image = get_image_model().objects.create(title="Sulit", file=get_test_image_file())
    file = ContentFile(b"%PDF-1.4", "sulit.pdf")
    paper = get_document_model().objects.create(title="Sulit", file=file)
    half, whole = log_in(superuser), verified(superuser)
    for address in (f"/media/{image.file.name}", f"/documents/{paper.pk}/{paper.filename}"):
        assert whole.get(address).status_code == 200
        assert half.get(address).status_code == 404
