"""Variables by which libraries that are not named in LD_* come into ENV's programs: plugins and drivers."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanenv.doctor.checks import other_environments, plugin_variables, plugins
from tests.support.doctor_scene import Scene, Variables, by_variables, codes, only

SNAP = "/snap/code/133/usr/lib/x86_64-linux-gnu"


def having(scene: Scene, *modules: str) -> Scene:
    """Put packages into ENV, or into its base Python's standard library those that belong there."""
    for module in modules:
        (scene.env.site_packages / module).mkdir(parents=True)
    return scene


def with_pygobject(scene: Scene) -> Variables:
    having(scene, "gi")
    return {"GTK_PATH": f"{SNAP}/gtk-3.0"}


CASES = {
    "plugin-path-used": by_variables(with_pygobject, lambda _: {"GTK_PATH": f"{SNAP}/gtk-3.0"}),
    "plugin-path": by_variables(lambda _: {"QT_PLUGIN_PATH": "/opt/qt/plugins"}, lambda _: {"QT_QPA_PLATFORM": "xcb"}),
}
# A name for each row, and for each glob some.
NAMES = {
    "GTK[23]_MODULES": ("GTK2_MODULES", "GTK3_MODULES"),
    "QML*_IMPORT_PATH": ("QML_IMPORT_PATH", "QML2_IMPORT_PATH"),
    "GST_PLUGIN_PATH*": ("GST_PLUGIN_PATH", "GST_PLUGIN_PATH_1_0"),
    "GST_PLUGIN_SYSTEM_PATH*": ("GST_PLUGIN_SYSTEM_PATH", "GST_PLUGIN_SYSTEM_PATH_1_0"),
    "GST_PLUGIN_SCANNER*": ("GST_PLUGIN_SCANNER", "GST_PLUGIN_SCANNER_1_0"),
    "__EGL_VENDOR_LIBRARY_*": ("__EGL_VENDOR_LIBRARY_DIRS", "__EGL_VENDOR_LIBRARY_FILENAMES"),
}
ROWS = [
    (name, library) for pattern, library, _ in plugin_variables.VARIABLES for name in NAMES.get(pattern, (pattern,))
]


@pytest.mark.parametrize(("name", "library"), ROWS, ids=lambda value: value if isinstance(value, str) else "")
def test_each_variable(name: str, library: plugin_variables.Library, scene: Scene) -> None:
    """It is a note alone, and a warning with each of the packages that use it."""
    finding = only(plugins.findings(scene.subject({name: "/opt/elsewhere"})), "plugin-path")
    assert (finding.severity, finding.variable, finding.value) == ("note", name, "/opt/elsewhere")
    assert finding.fact.startswith(library.title)
    assert "'/opt/elsewhere'" in finding.fact
    assert finding.line == f"unset {name}"
    for module, title in library.users.items():
        place = scene.env.site_packages / module
        place.mkdir(parents=True)
        finding = only(plugins.findings(scene.subject({name: "/opt/elsewhere"})), "plugin-path-used")
        assert finding.severity == "warning"
        assert f"and the environment has {title}, which uses {library.title}" in finding.fact
        place.rmdir()


@pytest.mark.parametrize(
    "environ",
    [
        {"GTK_PATH": ""},
        {"QT_QPA_PLATFORM": "wayland", "QT_QPA_PLATFORMTHEME": "gtk3", "QT_STYLE_OVERRIDE": "adwaita"},
        {"GTK_THEME": "Adwaita:dark", "GTK_IM_MODULE": "ibus", "GDK_BACKEND": "x11", "GTK_DEBUG": "all"},
        {"GTK_MODULES": "gail:atk-bridge"},
        {"GTK_MODULES": "colorreload-gtk-module:window-decorations-gtk-module", "GTK3_MODULES": "pk-gtk-module:"},
        {"GST_DEBUG": "3", "GST_REGISTRY_UPDATE": "no", "GST_REGISTRY_FORK": "no"},
        {"GTK_PATH_VSCODE_SNAP_ORIG": "/opt/gtk", "GST_PLUGIN_PATH_VSCODE_SNAP_ORIG": "/opt/gst"},
        {"MY_QT_PLUGIN_PATH": "/opt/qt", "QML_DISABLE_DISK_CACHE": "1"},
    ],
)
def test_what_loads_nothing(environ: Variables, scene: Scene) -> None:
    """A name for something that is installed anyway, a switch, a theme."""
    having(scene, "gi", "PyQt5")
    assert codes(plugins.findings(scene.subject(environ))) == []


def test_a_module_that_no_desktop_names(scene: Scene) -> None:
    for value in ("/srv/x.so", "gail:spy", "canberra-gtk-module:/snap/x.so"):
        assert codes(plugins.findings(scene.subject({"GTK_MODULES": value}))) == ["plugin-path"]


def test_opencv_without_windows_has_no_qt(scene: Scene) -> None:
    having(scene, "cv2/data")
    environ = {"QT_QPA_PLATFORM_PLUGIN_PATH": "/opt/qt/platforms"}
    assert codes(plugins.findings(scene.subject(environ))) == ["plugin-path"]
    having(scene, "cv2/qt")
    assert codes(plugins.findings(scene.subject(environ))) == ["plugin-path-used"]


def test_without_env(scene: Scene) -> None:
    scene.is_alone = True
    having(scene, "gi")
    assert codes(plugins.findings(scene.subject({"GTK_PATH": "/opt/gtk"}))) == ["plugin-path"]


def test_the_packages_of_the_base_python_count_if_env_sees_them(scene: Scene) -> None:
    """As with apt's python3-gi, which pip cannot install."""
    (scene.env.base_packages / "gi").mkdir()
    environ = {"GI_TYPELIB_PATH": "/opt/typelibs"}
    assert codes(plugins.findings(scene.subject(environ))) == ["plugin-path"]
    scene.env.configure(include_system_site_packages="true")
    assert codes(plugins.findings(scene.subject(environ))) == ["plugin-path-used"]


def test_the_standard_library_counts(scene: Scene) -> None:
    library = scene.env.base / "lib/python3.11"
    (library / "os.py").touch()
    (library / "ssl.py").touch()
    finding = only(plugins.findings(scene.subject({"OPENSSL_MODULES": "/opt/ossl"})), "plugin-path-used")
    assert finding.fact == (
        "OpenSSL loads its providers from '/opt/ossl', and the environment has Python's ssl, which uses OpenSSL"
    )


@pytest.mark.parametrize(
    ("name", "value", "more", "owner"),
    [
        ("GTK_PATH", "/snap/code/1/gtk", {}, "a snap"),
        ("GDK_PIXBUF_MODULE_FILE", "/var/lib/snapd/snap/x/loaders.cache", {}, "a snap"),
        ("QT_PLUGIN_PATH", "/mnt/App/usr/plugins", {"APPDIR": "/mnt/App"}, "an AppImage"),
        ("QT_PLUGIN_PATH", "/tmp/.mount_KritaX/usr/plugins", {}, "an AppImage"),  # noqa: S108  only a name
        ("GIO_MODULE_DIR", "/home/me/snap/code/common/gio", {"HOME": "/home/me"}, "a snap"),
        ("GIO_MODULE_DIR", "/home/me/snapshots/gio", {"HOME": "/home/me"}, ""),
        ("GIO_MODULE_DIR", "/snapshots/gio", {"HOME": ""}, ""),
        ("GIO_EXTRA_MODULES", "/nix/store/abc-dconf/lib/gio/modules", {}, "Nix"),
        ("GST_PLUGIN_PATH", "/c/envs/x/lib/gst", {"CONDA_PREFIX": "/c/envs/x"}, "the active conda environment"),
        ("QT_PLUGIN_PATH", "/mnt/Apple/plugins", {"APPDIR": "/mnt/App"}, ""),
        ("QT_PLUGIN_PATH", "/opt/qt/plugins", {"APPDIR": ""}, ""),
    ],
)
def test_who_set_it(name: str, value: str, more: Variables, owner: str, scene: Scene) -> None:
    """Whose directory it is says it."""
    finding = only(plugins.findings(scene.subject({name: value, **more})), "plugin-path")
    expected = [f"'{value}' belongs to {owner}"] if owner else []
    assert list(finding.evidence) == [*expected, f"'{value}' does not exist"]


def test_a_search_path_is_read_entry_by_entry(scene: Scene) -> None:
    value = f"{scene.top}:/snap/x/plugins:/gone"
    finding = only(plugins.findings(scene.subject({"QT_PLUGIN_PATH": value})), "plugin-path")
    assert finding.entries == (str(scene.top), "/snap/x/plugins", "/gone")
    assert finding.evidence == (
        "'/snap/x/plugins' belongs to a snap",
        "'/snap/x/plugins' does not exist",
        "'/gone' does not exist",
    )


@pytest.mark.parametrize(("original", "line"), [("", "unset GTK_PATH"), ("/opt/gtk", "export GTK_PATH=/opt/gtk")])
def test_the_terminal_of_vs_codes_snap(original: str, line: str, scene: Scene) -> None:
    """By the listing in microsoft/vscode#179086: SNAP is not set there."""
    environ = {
        "GTK_PATH": f"{SNAP}/gtk-3.0",
        "GTK_PATH_VSCODE_SNAP_ORIG": original,
        "GTK_EXE_PREFIX": "/snap/code/133/usr",
        "GTK_EXE_PREFIX_VSCODE_SNAP_ORIG": "",
        "GDK_BACKEND_VSCODE_SNAP_ORIG": "",
        "XDG_DATA_DIRS": "/usr/share",
        "XDG_DATA_DIRS_VSCODE_SNAP_ORIG": "/usr/share",
    }
    having(scene, "PyQt5")
    subject = scene.subject(environ)
    gtk_path = next(finding for finding in plugins.findings(subject) if finding.variable == "GTK_PATH")
    assert gtk_path.evidence[0] == (
        f"VS Code's snap set it: GTK_PATH_VSCODE_SNAP_ORIG has the value from before, '{original}'"
    )
    assert gtk_path.line == line
    bundle = only(other_environments.findings(subject), "app-bundle")
    assert bundle.fact == "this shell was started from VS Code's snap, which changed GTK_EXE_PREFIX, GTK_PATH"


def test_a_terminal_that_gave_all_values_back(scene: Scene) -> None:
    environ = {"GTK_PATH_VSCODE_SNAP_ORIG": "", "XDG_DATA_DIRS": "/a", "XDG_DATA_DIRS_VSCODE_SNAP_ORIG": "/a"}
    assert codes(other_environments.findings(scene.subject(environ))) == []
    environ = {"GTK_PATH": "/snap/x", "GTK_PATH_VSCODE_SNAP_ORIG": "", "SNAP": "/snap/code/1"}
    assert codes(other_environments.findings(scene.subject(environ))) == ["app-bundle"]


def test_every_glob_is_tried() -> None:
    globs = {pattern for pattern, _, _ in plugin_variables.VARIABLES if any(sign in pattern for sign in "*?[")}
    assert globs == set(NAMES)


def test_fakes_are_empty(tmp_path: Path) -> None:
    """What the cases put into ENV is what makes a note a warning."""
    assert codes(plugins.findings(CASES["plugin-path-used"].near_misses[0](tmp_path))) == ["plugin-path"]
