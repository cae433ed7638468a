"""The second factor: a code from the person's telephone, asked for after the password.

`middleware` is the gate. A session without the code is anonymous everywhere.
"""
