"""How dates and times are shown and typed, the same in every language of the admin: day first.

Django looks for a module of each language here (`FORMAT_MODULE_PATH`). Times have 24 hours, because
the calendars of the forms write them so.
"""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
#: Weeks begin on Monday in the calendars of Malaysia's public service.
FIRST_DAY_OF_WEEK = 1

#: The first is the one that forms show. Names of months are numbers by then (`date_entry`).
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%H.%M"]
DATETIME_INPUT_FORMATS = [
    f"{date} {time}" for date in DATE_INPUT_FORMATS for time in TIME_INPUT_FORMATS
] + DATE_INPUT_FORMATS
