# mistake: sends what the application says of the connection
# module: hosted.py
# check: test_hosted.py::TestOwnFields::test_hop_by_hop
# phrase: X-Kept
class Answer:
    def own_fields(self) -> Fields:
        """The headers but for those that are the server's; of Connection the option close stays."""
        fields = Fields(self.fields)
        closes = fields.get("Connection").lower() == "close"
        if closes:
            fields["Connection"] = "close"
        return fields
