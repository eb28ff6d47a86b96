"""An OpenID provider for the tests to sign in through: `python -m tests.openid FOLDER` runs one."""
