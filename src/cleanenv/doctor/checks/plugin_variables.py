"""The variables that say where a library finds its plugins and drivers, as data: whose they are, and what happens.

None of them starts with LD_, but each brings shared libraries into a process as those do (microsoft/vscode#179086,
ros2/ros2#1406): built for another glibc or another version of the library, they end it.
"""

from __future__ import annotations

from typing import NamedTuple


class Library(NamedTuple):
    """What reads a variable: ``title`` for people, ``users`` the import names of what brings or loads it in Python.

    A user maps to its name for people; a path names a part of a package (``cv2/qt``, which opencv-python-headless
    does not have), and modules of the standard library count too.
    """

    title: str
    users: dict[str, str]


QT_BINDINGS = {name: name for name in ("PyQt4", "PyQt5", "PyQt6", "PySide", "PySide2", "PySide6")}
# The wheels of Qt carry a platform theme for GNOME, libqgtk3.so, which loads GTK and with it all of GLib.
GTK_USERS = {"gi": "PyGObject", "gtk": "PyGTK", "wx": "wxPython", **QT_BINDINGS}
OPENGL_USERS = {
    "OpenGL": "PyOpenGL",
    "glfw": "glfw",
    "kivy": "Kivy",
    "moderngl": "moderngl",
    "open3d": "Open3D",
    "pygame": "pygame",
    "pyglet": "pyglet",
    "vispy": "VisPy",
    "vtkmodules": "VTK",
    "wgpu": "wgpu",
    **QT_BINDINGS,
}

GTK = Library("GTK", GTK_USERS)
GLIB = Library("GLib", GTK_USERS)
PIXBUF = Library("GdkPixbuf", GTK_USERS)
INTROSPECTION = Library("GObject introspection", {"gi": "PyGObject", "pgi": "pgi"})
QT = Library("Qt", {**QT_BINDINGS, "cv2/qt": "opencv-python", "aqt": "Anki"})
# QtMultimedia plays by way of GStreamer, too.
GSTREAMER = Library("GStreamer", {"gi": "PyGObject", **QT_BINDINGS})
OPENSSL = Library("OpenSSL", {"ssl.py": "Python's ssl", "cryptography": "cryptography"})
TCL = Library("Tcl/Tk", {"tkinter": "tkinter"})
OPENGL = Library("OpenGL", OPENGL_USERS)
VULKAN = Library("Vulkan", {"vulkan": "vulkan", "wgpu": "wgpu"})
OPENCL = Library("OpenCL", {"pyopencl": "PyOpenCL"})
VIDEO = Library("VA-API and VDPAU", {})
ICONV = Library("iconv of the C library", {})

# (name or glob; what reads it; what happens, with the value)
VARIABLES: tuple[tuple[str, Library, str], ...] = (
    ("GTK_PATH", GTK, "loads its modules from '{}'"),
    ("GTK_PATH64", GTK, "loads its modules from '{}'"),  # openSUSE's
    ("GTK_EXE_PREFIX", GTK, "loads its modules from below '{}'"),
    ("GTK_MODULES", GTK, "loads the modules '{}'"),
    ("GTK[23]_MODULES", GTK, "loads the modules '{}'"),
    ("GTK_IM_MODULE_FILE", GTK, "loads the input methods that '{}' lists"),
    ("GIO_MODULE_DIR", GLIB, "loads its modules (TLS, file systems) from '{}' and nowhere else"),
    ("GIO_EXTRA_MODULES", GLIB, "loads modules from '{}' too"),
    ("GSETTINGS_SCHEMA_DIR", GLIB, "takes settings' schemas from '{}' first"),
    ("GDK_PIXBUF_MODULE_FILE", PIXBUF, "loads the image formats that '{}' lists"),
    ("GDK_PIXBUF_MODULEDIR", PIXBUF, "loads its image formats from '{}'"),
    ("GI_TYPELIB_PATH", INTROSPECTION, "takes descriptions of libraries from '{}' first, and loads these libraries"),
    ("QT_PLUGIN_PATH", QT, "loads its plugins from '{}' first"),
    ("QT_QPA_PLATFORM_PLUGIN_PATH", QT, "loads its platform plugin (xcb, wayland) from '{}'"),
    ("QML*_IMPORT_PATH", QT, "loads QML modules from '{}' first"),
    ("QTWEBENGINEPROCESS_PATH", QT, "starts '{}' for web pages"),
    ("GST_PLUGIN_PATH*", GSTREAMER, "loads its plugins from '{}' first"),
    ("GST_PLUGIN_SYSTEM_PATH*", GSTREAMER, "loads its plugins from '{}', not from its own directory"),
    ("GST_PLUGIN_SCANNER*", GSTREAMER, "starts '{}' to look at its plugins"),
    ("GST_REGISTRY", GSTREAMER, "loads the plugins that '{}' lists"),
    ("GST_REGISTRY_1_0", GSTREAMER, "loads the plugins that '{}' lists"),
    ("OPENSSL_CONF", OPENSSL, "reads its configuration from '{}', which may load libraries"),
    ("OPENSSL_MODULES", OPENSSL, "loads its providers from '{}'"),
    ("OPENSSL_ENGINES", OPENSSL, "loads its engines from '{}'"),
    ("TCL_LIBRARY", TCL, "runs the scripts in '{}'"),
    ("TK_LIBRARY", TCL, "runs the scripts in '{}'"),
    ("TCLLIBPATH", TCL, "runs packages from '{}'"),
    ("LIBGL_DRIVERS_PATH", OPENGL, "loads its drivers from '{}'"),
    ("GBM_BACKENDS_PATH", OPENGL, "loads its backends from '{}'"),
    ("__EGL_VENDOR_LIBRARY_*", OPENGL, "loads the drivers that '{}' describes"),
    ("VK_DRIVER_FILES", VULKAN, "loads the drivers that '{}' describes"),
    ("VK_ADD_DRIVER_FILES", VULKAN, "loads the drivers that '{}' describes"),
    ("VK_ICD_FILENAMES", VULKAN, "loads the drivers that '{}' describes"),
    ("VK_LAYER_PATH", VULKAN, "loads layers from '{}'"),
    ("VK_ADD_LAYER_PATH", VULKAN, "loads layers from '{}'"),
    ("OCL_ICD_VENDORS", OPENCL, "loads the drivers that '{}' names"),
    ("OPENCL_VENDOR_PATH", OPENCL, "loads the drivers that '{}' names"),
    ("LIBVA_DRIVERS_PATH", VIDEO, "load their drivers from '{}'"),
    ("VDPAU_DRIVER_PATH", VIDEO, "load their drivers from '{}'"),
    ("GCONV_PATH", ICONV, "loads its converters from '{}' first"),
)

# Modules that desktops name in GTK_MODULES for every session; GTK takes them from its own directories.
DESKTOPS_OWN = frozenset((
    "appmenu-gtk-module",
    "atk-bridge",
    "canberra-gtk-module",
    "colorreload-gtk-module",
    "gail",
    "pk-gtk-module",
    "unity-gtk-module",
    "window-decorations-gtk-module",
))  # fmt: skip

# How VS Code's snap calls the value that a variable had outside of it (microsoft/vscode#177976).
SNAP_ORIGINAL = "_VSCODE_SNAP_ORIG"
# (start of a path, or a directory that begins with a variable; whose that is). The first match counts.
OWNERS = (
    ("$APPDIR", "an AppImage"),
    ("/tmp/.mount_", "an AppImage"),  # noqa: S108  where the AppImage runtime mounts it
    ("$SNAP", "a snap"),
    ("$HOME/snap", "a snap"),
    ("/snap/", "a snap"),
    ("/var/lib/snapd/snap/", "a snap"),
    ("$HOME/.var/app", "a Flatpak"),
    ("/app/", "a Flatpak"),
    ("$CONDA_PREFIX", "the active conda environment"),
    ("$GUIX_ENVIRONMENT", "a Guix shell"),
    ("/gnu/store/", "Guix"),
    ("/nix/store/", "Nix"),
    ("/opt/ros/", "ROS"),
    ("/home/linuxbrew/", "Homebrew"),
    ("/opt/homebrew/", "Homebrew"),
)
