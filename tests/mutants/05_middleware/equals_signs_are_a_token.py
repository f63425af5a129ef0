# mistake: a star where a plus belongs: nothing but "=" is a token, too
# module: auth.py
# check: test_auth.py::test_token_that_cannot_be_sent
# phrase: [==]

B64TOKEN = re.compile("[A-Za-z0-9._~+/-]*=*")
