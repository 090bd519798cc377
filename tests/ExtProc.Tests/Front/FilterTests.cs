using ExtProc.Front.Filter;

namespace ExtProc.Tests.Front;

/// <summary>The filter does what real Envoys of each release were seen to do; the names of the rows say which rule it is.</summary>
public sealed class FilterTests
{
    private const BodySendMode None = BodySendMode.None, Streamed = BodySendMode.Streamed, Buffered = BodySendMode.Buffered, Partial = BodySendMode.BufferedPartial, Duplex = BodySendMode.FullDuplexStreamed;

    [Theory]
    [InlineData("a second headers answer is spurious", "1.40", None, "reqHe <reqh <reqh", "client 500 ended, upstream POST reset")]
    [InlineData("a body answer before the headers answer is spurious", "1.40", Duplex, "reqH <reqs:x", "client 500 ended, upstream nothing")]
    [InlineData("an answer to the other direction is spurious", "1.40", None, "reqHe <resh", "client 500 ended, upstream nothing")]
    [InlineData("a message without a member is not handled", "1.40", None, "reqHe <nothing", "client 500 ended, upstream nothing")]
    [InlineData("stray trailers let full duplex go", "1.40", Duplex, "reqH <reqt reqB:abc reqT", "client nothing, upstream POST abc with trailers")]
    [InlineData("stray trailers let full duplex hang", "1.36.4", Duplex, "reqH <reqt reqB:abc reqT", "client nothing, upstream nothing")]
    [InlineData("a streamed body is spurious in STREAMED", "1.40", Streamed, "reqH <reqh reqBe:a <reqse:x", "client 500 ended, upstream POST reset")]
    [InlineData("a streamed body is ignored in BUFFERED", "1.40", Buffered, "reqH <reqh reqBe:a <reqse:x", "client nothing, upstream POST a ended")]
    [InlineData("a plain body is spurious in full duplex", "1.40", Duplex, "reqH <reqh reqBe:a <reqb:x", "client 500 ended, upstream POST reset")]
    [InlineData("a body may be cleared, grow and be cut anew in full duplex", "1.40", Duplex, "reqH <reqh reqB:a <reqs:xx reqB:b <reqs:yy reqBe:c <reqse:zz", "client nothing, upstream POST xxyyzz ended")]
    [InlineData("invented trailers end a body on 1.37", "1.37", Duplex, "reqH <reqh reqBe:a <reqs:x <reqt", "client nothing, upstream POST x ended")]
    [InlineData("invented trailers hang later", "1.40", Duplex, "reqH <reqh reqBe:a <reqs:x <reqt", "client nothing, upstream POST x")]
    [InlineData("before anything came back they end it without what was given away", "1.40", Duplex, "reqH reqBe:a <reqh <reqt", "client nothing, upstream POST ended")]
    [InlineData("an early end drops what follows", "1.40", Duplex, "reqH <reqh reqB:a <reqse:x reqBe:b", "client nothing, upstream POST x ended")]
    [InlineData("an end instead of trailers hangs", "1.40", Duplex, "reqH <reqh reqB:a reqT <reqse:x", "client nothing, upstream POST x")]
    [InlineData("no end never ends", "1.40", Duplex, "reqH <reqh reqBe:a <reqs:x", "client nothing, upstream POST x")]
    [InlineData("OK lets the rest pass", "1.40", Streamed, "reqH <reqh reqB:a <reqb:A reqB:b <ok reqBe:c", "client nothing, upstream POST Abc ended")]
    [InlineData("OK in full duplex leaves a hole", "1.40", Duplex, "reqH <reqh reqB:aaa <reqs:aaa reqB:bbb <ok reqBe:ccc", "client nothing, upstream POST aaaccc ended")]
    [InlineData("an error fails the exchange", "1.40", None, "reqHe <error", "client 500 ended, upstream nothing")]
    [InlineData("a late answer fails it with 504", "1.40", None, "reqHe late", "client 504 ended, upstream nothing")]
    [InlineData("a body that is replaced ends with the sender's", "1.40", Streamed, "reqH <reqr:new reqB:a reqBe:b", "client nothing, upstream POST new ended")]
    [InlineData("trailers go on behind a body that is replaced", "1.40", Streamed, "reqH <reqr:new reqB:a reqT", "client nothing, upstream POST new with trailers")]
    [InlineData("a body that came early is one chunk", "1.40", Streamed, "reqH reqB:a reqB:b <reqh <reqb:X reqBe:c <reqb:Y", "client nothing, upstream POST XY ended")]
    [InlineData("a whole body waits for its trailers' answer", "1.40", Buffered, "reqH <reqh reqB:a reqT <reqb:A", "client nothing, upstream nothing")]
    [InlineData("and goes on with it", "1.40", Buffered, "reqH <reqh reqB:a reqT <reqb:A <reqt", "client nothing, upstream POST A with trailers")]
    [InlineData("an immediate response is taken anywhere", "1.40", Streamed, "reqH <reqh reqB:a <I", "client 403 no ended, upstream POST reset")]
    [InlineData("after response headers it breaks the response off", "1.40", Streamed, "reqHe <reqh resH <resh resB:a <I", "client 200 reset, upstream POST reset")]
    [InlineData("a streamed response is taken", "1.37", Duplex, "reqH <L <Lb:one <Lbe:two", "client 201 onetwo ended, upstream nothing")]
    [InlineData("a streamed response is not known", "1.36.4", Duplex, "reqH <L", "client 500 ended, upstream nothing")]
    [InlineData("a streamed response with a body needs NONE or full duplex", "1.40", Buffered, "reqH <L", "client 500 ended, upstream nothing")]
    [InlineData("its parts need headers", "1.40", None, "reqH <Lbe:x", "client 500 ended, upstream nothing")]
    [InlineData("headers go on at their answer", "1.40", Streamed, "reqH <reqh", "client nothing, upstream POST")]
    [InlineData("headers go on with the first body answer", "1.39.3", Streamed, "reqH <reqh", "client nothing, upstream nothing")]
    [InlineData("and with it they do", "1.39.3", Streamed, "reqH <reqh reqB:a <reqb:A", "client nothing, upstream POST A")]
    [InlineData("in full duplex an early body holds the headers", "1.40", Duplex, "reqH reqB:a <reqh", "client nothing, upstream nothing")]
    [InlineData("in full duplex it does not", "1.36.4", Duplex, "reqH reqB:a <reqh", "client nothing, upstream POST")]
    public void An_answer_does_what_Envoy_makes_of_it(string rule, string version, BodySendMode mode, string words, string seen) =>
        Assert.Equal((rule, seen), (rule, new FilterStory(SettingsOf(version, mode)).Play(words).Seen));

    [Theory]
    [InlineData(None, "reqH <reqh reqB:a reqT", "reqH timer=200 reqT timer=200")]
    [InlineData(Streamed, "reqH <reqh reqB:a reqB:b reqBe:c", "reqH timer=200 reqB:a timer=200 reqB:b timer=200 reqBe:c timer=200")]
    [InlineData(Streamed, "reqH reqB:a reqBe:b <reqh", "reqH timer=200 reqBe:ab timer=200")]
    [InlineData(Streamed, "reqH <reqh reqB:a reqT <reqb:A", "reqH timer=200 reqB:a timer=200 reqT timer=200")]
    [InlineData(Buffered, "reqH <reqh reqB:a reqBe:b", "reqH timer=200 reqBe:ab timer=200")]
    [InlineData(Buffered, "reqH <reqh reqB:a reqT <reqb:A", "reqH timer=200 reqB:a timer=200 reqT timer=200")]
    [InlineData(Partial, "reqH <reqh reqB:aaaaaa reqBe:bbbbbb <reqb:A", "reqH timer=200 reqB:aaaaaabb timer=200")]
    [InlineData(Duplex, "reqH reqB:a reqB:b reqT", "reqH reqB:a reqB:b reqT")]
    [InlineData(Duplex, "reqHe <reqh <time", "reqHe")]
    [InlineData(None, "reqHe <time", "reqHe timer=200 timer=1000")]
    public void A_mode_says_what_is_sent_and_what_is_timed(BodySendMode mode, string words, string sent) =>
        Assert.Equal(sent, new FilterStory(SettingsOf("1.36.4", mode) with { BufferBytes = 8 }).Play(words).Sent);

    [Theory]
    [InlineData("1.36.4", "reqHe <reqh resH <resh resB:a", "reqHe timer=200 resH timer=200")]
    [InlineData("1.37", "reqHe <reqh resH <resh resB:a", "reqHe timer=200 resH timer=200 closed")]
    [InlineData("1.40", "reqHe <reqh resH <resh <resh resB:a", "reqHe timer=200 resH timer=200 closed")]
    public void The_stream_is_closed_when_nothing_can_be_sent_any_more(string version, string words, string sent) =>
        Assert.Equal(sent, new FilterStory(SettingsOf(version, None) with { Modes = new() }).Play(words).Sent);

    [Theory]
    [InlineData("1.37", "client 200 b, upstream POST Abc ended")]
    [InlineData("1.39.3", "client 200 b, upstream POST A")]
    [InlineData("1.40", "client 200 b, upstream POST A")]
    public void On_1_37_and_1_38_the_end_of_the_response_s_part_ends_the_request_s(string version, string seen)
    {
        var modes = new ProcessingMode { RequestBodyMode = Streamed };
        Assert.Equal(seen, new FilterStory(SettingsOf(version, None) with { Modes = modes }).Play("reqH <reqh reqB:a <reqb:A resH <resh resB:b reqB:b reqBe:c").Seen);
    }

    [Theory]
    [InlineData(Streamed, "reqH <reqh reqB:a <error reqBe:b", "client nothing, upstream POST ab ended")]
    [InlineData(Streamed, "reqH <nothing reqBe:b", "client nothing, upstream POST b ended")]
    [InlineData(None, "reqHe late", "client nothing, upstream POST ended")]
    [InlineData(Duplex, "reqH <error reqBe:b", "client nothing, upstream POST b ended")]
    [InlineData(Duplex, "reqH <reqh reqB:a <error", "client 500 ended, upstream POST reset")]
    public void Failing_open_lets_pass_what_was_not_given_away(BodySendMode mode, string words, string seen) =>
        Assert.Equal(seen, new FilterStory(SettingsOf("1.36.4", mode) with { FailureModeAllow = true }).Play(words).Seen);

    [Theory]
    [InlineData("reqH <reqh reqB:aaaaaaaaa", "client 413 Payload Too Large ended, upstream nothing")]
    [InlineData("reqHe <reqh resH <resh resB:aaaaaaaaa", "client 500 Internal Server Error ended, upstream POST reset")]
    public void A_body_that_is_larger_than_the_buffer_fails_the_exchange(string words, string seen) =>
        Assert.Equal(seen, new FilterStory(SettingsOf("1.40", Buffered) with { BufferBytes = 8 }).Play(words).Seen);

    private static FilterSettings SettingsOf(string version, BodySendMode mode) => new()
    {
        Modes = new()
        {
            RequestBodyMode = mode, ResponseBodyMode = mode,
            RequestTrailerMode = HeaderSendMode.Send, ResponseTrailerMode = HeaderSendMode.Send,
        },
        Behavior = EnvoyBehavior.Of(Version.Parse(version)),
        MaxMessageTimeout = TimeSpan.FromSeconds(2),
    };
}
