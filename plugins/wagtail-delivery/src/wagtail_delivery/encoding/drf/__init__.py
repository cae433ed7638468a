"""Encodes with Django REST framework serializers; imports `content` and the rest of `encoding`."""
