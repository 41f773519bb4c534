"""`lay_out(scene) -> Layout`: every screen, for any panel, without pygame."""

from dataclasses import replace

from kiosk.core.screens import (
    Cancelled,
    Choose,
    Closed,
    Done,
    Home,
    Issuing,
    OutOfService,
    PaperOut,
    PinEntry,
    StaffCalled,
    StaffMenu,
)
from kiosk.ui import home, messages, staff_pages, ticket_pages
from kiosk.ui.boxes import Layout
from kiosk.ui.page import Page
from kiosk.ui.scene import Scene


def lay_out(scene: Scene) -> Layout:
    """What to draw and what to press. The same scene gives the same layout."""
    page = Page(scene)
    match scene.screen:
        case Home() as screen:
            home.home(page, screen)
        case Choose() as screen:
            home.choose(page, screen)
        case Issuing() as screen:
            ticket_pages.issuing(page, screen)
        case Done() as screen:
            ticket_pages.done(page, screen)
        case Cancelled() as screen:
            ticket_pages.cancelled(page, screen)
        case Closed() as screen:
            messages.closed(page, screen)
        case PaperOut() as screen:
            ticket_pages.paper_out(page, screen)
        case OutOfService() as screen:
            messages.out_of_service(page, screen)
        case StaffCalled() as screen:
            below = lay_out(replace(scene, screen=screen.below))
            staff_pages.staff_called(page, screen, below)
        case PinEntry() as screen:
            staff_pages.pin(page, screen)
        case StaffMenu() as screen:
            staff_pages.menu(page, screen)
    return page.layout()
