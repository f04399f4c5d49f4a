"""The set-up: what it finds missing, what it says, what it does not do twice."""

import pytest

from portal.embedded import install


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose set-up writes nothing outside `tmp_path`."""
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "STAMPS", tmp_path / "stamps")
    (tmp_path / "one.lock").write_text("a==1")
    (tmp_path / "two.lock").write_text("b==1")
    return tmp_path


def test_a_stamp_holds_until_a_file_changes(project):
    assert install.is_current("python-run", ["one.lock"]) is False
    install.set_current("python-run", ["one.lock"])
    assert install.is_current("python-run", ["one.lock"]) is True
    assert install.is_current("python-run", ["one.lock", "two.lock"]) is False
    (project / "one.lock").write_text("a==2")
    assert install.is_current("python-run", ["one.lock"]) is False


def test_a_set_of_libraries_replaces_the_former_one(project):
    install.set_current("python-test", ["one.lock"])
    install.set_current("npm-test", ["one.lock"])
    install.set_current("python-run", ["two.lock"])
    assert install.is_current("python-test", ["one.lock"]) is False
    assert install.is_current("npm-test", ["one.lock"]) is True


def test_missing_packages_of_debian():
    assert install.missing_packages(["dpkg", "paquet-qui-n-existe-pas"]) == ["paquet-qui-n-existe-pas"]


def test_a_machine_without_dpkg_is_not_judged(monkeypatch):
    monkeypatch.setattr(install.shutil, "which", lambda name: None)
    assert install.missing_packages(["dpkg", "paquet-qui-n-existe-pas"]) == []


def test_an_ordinary_user_is_given_the_exact_command(monkeypatch):
    monkeypatch.setattr(install.os, "geteuid", lambda: 1000)
    with pytest.raises(install.Impossible) as refusal:
        install.install_debian(["chromium", "libmagic1"])
    assert str(refusal.value).splitlines()[2] == (
        "    sudo apt-get update && sudo apt-get install --yes --no-install-recommends chromium libmagic1"
    )


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(install.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(install.sys, "version", "3.9.2 (main)")
    with pytest.raises(
        install.Impossible, match=r"Il faut Python 3\.11 ou plus récent ; celui-ci est en version 3\.9\.2"
    ):
        install.check_python()


def test_a_command_that_fails_shows_its_end(project):
    with pytest.raises(install.Impossible) as refusal:
        install.run(["sh", "-c", "echo la cause; exit 2"])
    assert str(refusal.value) == "La commande « sh -c echo la cause; exit 2 » a échoué :\nla cause"


def test_the_profile_of_the_tests_holds_that_of_the_run():
    assert set(install.RUN_PACKAGES) < set(install.TEST_PACKAGES)


def test_an_impossible_set_up_ends_with_code_1_and_its_reason(monkeypatch, capsys):
    monkeypatch.setattr(install, "debian_libraries", lambda profile: install.run(["false"]))
    assert install.main(["run"]) == 1
    assert capsys.readouterr().err == "\nLa commande « false » a échoué :\n\n"


def test_a_step_says_what_it_does(capsys):
    install.step("Fichiers", lambda: None)
    assert capsys.readouterr().out == "Fichiers… fait (0 s)\n"
