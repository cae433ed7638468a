"""The language of the admin and its e-mails; imports no other part of the product."""
