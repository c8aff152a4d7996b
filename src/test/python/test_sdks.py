"""OpenAI's Python SDK and LangChain, unmodified: what they give through the router is what they give of the provider itself."""

import os
import unittest
import urllib.request

from langchain_openai import ChatOpenAI
from openai import OpenAI

ROUTER = os.environ["OPENLEDGER_URL"]
KEY = os.environ["OPENLEDGER_KEY"]
SIMULATORS = os.environ["OPENLEDGER_SIMULATORS"].split(",")
HELLO = [{"role": "user", "content": "Hello!"}]
WEATHER = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}},
}


def reset():
    for simulator in SIMULATORS:
        urllib.request.urlopen(urllib.request.Request(f"{simulator}/simulator/reset", data=b""), timeout=10).close()


def through():
    return OpenAI(base_url=f"{ROUTER}/v1", api_key=KEY), "assistant"


def directly():
    return OpenAI(base_url=f"{SIMULATORS[0]}/v1", api_key="none"), "sim-large"


def words(text):
    """A text but for its first word, which names the simulated provider: the router takes any of them."""
    return " ".join(text.split()[1:])


def told(completion):
    """All that an SDK says of a completion but for what is of one call: its name, its time, and our own member."""
    said = completion.model_dump(exclude_none=True)
    for member in ("id", "created", "openledger"):
        said.pop(member, None)
    for choice in said["choices"]:
        choice["message"]["content"] = words(choice["message"].get("content") or "")
    return said


class Chat(unittest.TestCase):
    def setUp(self):
        reset()

    def both(self, ask):
        """What an SDK gives through the router, and what of the provider itself, whose words are those of a first call each time."""
        given = []
        for way in (through, directly):
            reset()
            given.append(ask(*way()))
        return given

    def test_a_plain_answer(self):
        ours, theirs = self.both(lambda client, model: client.chat.completions.create(model=model, messages=HELLO))
        self.assertEqual(told(ours), told(theirs))

    def test_a_plain_loop_over_the_first_choice(self):
        def loop(client, model):
            text, reasons = "", []
            for chunk in client.chat.completions.create(model=model, messages=HELLO, stream=True):
                text += chunk.choices[0].delta.content or ""
                reasons.append(chunk.choices[0].finish_reason)
            return words(text), reasons[-1]

        ours, theirs = self.both(loop)
        self.assertEqual(ours, theirs)
        self.assertEqual(ours[1], "stop")

    def helper(self, **more):
        def ask(client, model):
            with client.chat.completions.stream(model=model, messages=HELLO, **more) as stream:
                for _ in stream:
                    pass
                return told(stream.get_final_completion())

        ours, theirs = self.both(ask)
        self.assertEqual(ours, theirs)
        return ours

    def test_its_stream_helper(self):
        self.assertNotIn("usage", self.helper())

    def test_its_stream_helper_asking_for_usage(self):
        self.assertGreater(self.helper(stream_options={"include_usage": True})["usage"]["completion_tokens"], 0)

    def test_its_stream_helper_with_tools(self):
        self.assertTrue(self.helper(tools=[WEATHER])["choices"][0]["message"]["tool_calls"])

    def langchain(self, ask):
        def through_langchain(client, model):
            return ask(ChatOpenAI(model=model, base_url=str(client.base_url), api_key=client.api_key))

        ours, theirs = self.both(through_langchain)
        self.assertEqual(ours, theirs)
        return ours

    def test_langchain(self):
        self.assertTrue(self.langchain(lambda llm: words(llm.invoke("Hello!").content)))

    def test_langchain_streams(self):
        for usage in (False, True):

            def stream(llm):
                whole = None
                for chunk in llm.stream("Hello!", stream_usage=usage):
                    whole = chunk if whole is None else whole + chunk
                return words(whole.content), whole.usage_metadata, whole.response_metadata

            self.assertEqual(self.langchain(stream)[1] is not None, usage)

    def test_langchain_calls_tools(self):
        called = self.langchain(
            lambda llm: [call["name"] for call in llm.bind_tools([WEATHER]).invoke("Hello!").tool_calls]
        )
        self.assertEqual(called, ["weather"])


if __name__ == "__main__":
    unittest.main()
