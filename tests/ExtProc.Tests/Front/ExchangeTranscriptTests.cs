using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using ExtProc.Front;
using ExtProc.Front.Transcripts;
using ExtProc.Testing;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ExtProc.Tests.Front;

/// <summary>How exchanges are written down.</summary>
public sealed class ExchangeTranscriptTests
{
    private readonly List<string> _written = [];
    private readonly ManualClock _clock = new();

    [Fact]
    public void Messages_violations_the_server_s_end_and_the_status_are_one_block()
    {
        IExchangeTrace trace = Trace("/a?b=1");

        trace.Sent(Headers(("x-a", "1")));
        trace.Received(new() { RequestHeaders = new() });
        trace.Violated("something");
        trace.ServerEnded(14, "gone");
        Assert.Empty(_written);
        trace.Ended(500);

        Assert.Equal(["#1 GET /a?b=1\n> reqH [x-a=1]\n< reqh\n! something\n| server-ends 14 gone\nclient: 500\n"], _written);
    }

    [Fact]
    public void A_client_without_an_answer_and_a_server_that_ends_with_OK_are_told()
    {
        IExchangeTrace trace = Trace("/");

        trace.ServerEnded(0, "");
        trace.Ended(0);

        Assert.Equal(["#1 GET /\n| server-ends OK\nclient: -\n"], _written);
    }

    [Fact]
    public void A_long_exchange_is_shown_each_second_and_exchanges_are_numbered()
    {
        var transcripts = new ExchangeTranscripts(_written.Add, _clock);
        IExchangeTrace first = transcripts.Of(Context("/1")), second = transcripts.Of(Context("/2"));

        first.Sent(Headers());
        second.Sent(Headers());
        _clock.Advance(TimeSpan.FromSeconds(1));
        first.Received(new() { RequestHeaders = new() });
        first.Ended(200);

        Assert.Equal(["#1 GET /1\n> reqH []\n", "#2 GET /2\n> reqH []\n", "#1 (goes on)\n< reqh\nclient: 200\n"], _written);
    }

    [Fact]
    public void What_a_client_sends_cannot_make_a_line_or_move_the_terminal_s_cursor()
    {
        IExchangeTrace trace = Trace("/");

        trace.Sent(Headers(("x-a", "\u001b[2J\nclient: 200")));
        trace.Ended(200);

        Assert.Equal(["#1 GET /\n> reqH [x-a=\\u001b[2J | client: 200]\nclient: 200\n"], _written);
    }

    [Fact]
    public void Much_is_written_before_it_takes_much_memory()
    {
        IExchangeTrace trace = Trace("/");

        for (int count = 0; count < 100; count++)
        {
            trace.Sent(Headers(("x-a", new string('a', 3000))));
        }

        Assert.NotEmpty(_written);
        Assert.All(_written, block => Assert.InRange(block.Length, 1, 80_000));
    }

    private IExchangeTrace Trace(string target) => new ExchangeTranscripts(_written.Add, _clock).Of(Context(target));

    private static DefaultHttpContext Context(string target)
    {
        var context = new DefaultHttpContext();
        string[] parts = target.Split('?');
        (context.Request.Method, context.Request.Path) = ("GET", parts[0]);
        context.Request.QueryString = new(parts.Length > 1 ? $"?{parts[1]}" : "");
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        return context;
    }

    private static ProcessingRequest Headers(params (string Name, string Value)[] lines)
    {
        var headers = new HttpHeaders { Headers = new() };
        headers.Headers.Headers.AddRange(lines.Select(line => new HeaderValue { Key = line.Name, RawValue = ByteString.CopyFromUtf8(line.Value) }));
        return new() { RequestHeaders = headers };
    }
}
