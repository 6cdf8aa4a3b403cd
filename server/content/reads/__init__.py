"""The statements by which published content is read: each takes many keys, and is one whatever it returns."""
