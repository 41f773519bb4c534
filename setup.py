"""What Seiriken is: name, version, packages, dependencies by role, commands.

How it is built and judged stands in pyproject.toml.
"""

from setuptools import find_packages, setup

KIOSK = [
    "pydantic>=2.14,<3",
    "pygame-ce>=2.5.8,<3",
    "python-escpos>=3.1,<4",
    "gpiozero>=2.0.1.post3,<3",
    # Wheels exist up to Python 3.12; later Pythons take Debian's python3-lgpio.
    "lgpio>=0.2.2,<0.3; platform_machine == 'aarch64' and python_version < '3.13'",
    "pyserial>=3.5,<4",
    "qrcode>=8.2,<9",
    "requests>=2.34,<3",
    "waitress>=3.0.2,<4",
    "budoux>=0.10,<0.11",
    "psutil>=7.2,<8",
]
SERVER = [
    "pydantic>=2.14,<3",
    "fastapi>=0.165,<0.166",
    "uvicorn>=0.54,<0.55",
    "uvloop>=0.23,<0.24",
    "httptools>=0.9,<0.10",
    "sqlalchemy>=2.1,<2.2",
    "alembic>=1.20,<2",
    "jinja2>=3.1.6,<4",
    "python-multipart>=0.0.34,<0.1",
    "pynacl>=1.6,<2",
    "requests>=2.34,<3",
    "budoux>=0.10,<0.11",
]
SIMULATORS = [
    "pillow>=13,<14",
    "qrcode>=8.2,<9",
    "waitress>=3.0.2,<4",
]
DEV = [
    "pytest>=9.2,<10",
    "pytest-xdist>=3.8,<4",
    "hypothesis>=6.170,<7",
    "httpx2>=2.16,<3",
    "playwright>=1.65,<2",
    "zxing-cpp>=3.1,<4",
    "fonttools>=4.68,<5",
    "mypy>=2.4,<3",
    "ruff>=0.17,<0.18",
    "import-linter>=2.16,<3",
    "types-requests",
    "types-psutil",
    "types-qrcode",
    "setuptools>=77",
    "uv>=0.13,<0.14",
]

setup(
    name="seiriken",
    version="0.1.0",
    description="The ticket machine of a ward office and the queue behind it",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(
        include=[
            f"{room}{below}"
            for room in (
                "assets",
                "demo",
                "drivers",
                "kiosk",
                "language",
                "paper",
                "protocol",
                "server",
            )
            for below in ("", ".*")
        ]
    ),
    package_data={
        "assets": ["*/*", "*/*/*"],
        "demo": ["page/*"],
        "drivers": ["*.json"],
        "drivers.sim": ["*.html"],
        "kiosk": ["*.sql"],
        "server": [
            "migrations/*",
            "migrations/*/*",
            "pages/static/*",
            "pages/static/*/*",
            "pages/templates/*",
        ],
    },
    extras_require={
        "kiosk": KIOSK,
        "server": SERVER,
        "simulators": SIMULATORS,
        "dev": sorted({*KIOSK, *SERVER, *SIMULATORS, *DEV}),
    },
    entry_points={
        "console_scripts": [
            "seiriken-kiosk = kiosk.__main__:main",
            "seiriken-server = server.__main__:main",
            "seiriken-demo = demo.__main__:main",
            "seiriken-printer-sim = drivers.sim.__main__:main",
        ]
    },
)
