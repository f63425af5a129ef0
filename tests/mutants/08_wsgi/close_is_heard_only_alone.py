# mistake: hears close only where it is the whole of Connection, and not in a list
# module: hosted.py
# check: test_hosted.py::TestOwnFields::test_close
# phrase: ('Connection', 'close')
class Answer:
    def own_fields(self) -> Fields:
        """The headers but for those that are the server's; of Connection the option close stays."""
        fields = Fields(self.fields)
        closes = fields.get("Connection").lower() == "close"
        for name in HOP_BY_HOP:
            del fields[name]
        if closes:
            fields["Connection"] = "close"
        return fields
