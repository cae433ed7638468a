"""The commands `delivery_rebuild` and `delivery_verify`; import `publishing`."""
