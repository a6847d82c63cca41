"""Speaking to WeChat: one client, its tokens, and what the API's error codes mean to a person.

`client` is the only module that sends anything. Nothing here decides what is delivered; `kanfa.deliver.wechat` does.
"""
