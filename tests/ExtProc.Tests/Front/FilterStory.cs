using System.Globalization;
using System.Text;
using Envoy.Service.ExtProc.V3;
using ExtProc.Front.Filter;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Line = System.Collections.Generic.KeyValuePair<string, string>;

namespace ExtProc.Tests.Front;

/// <summary>
/// Plays words to the filter. From client and upstream: <c>reqH reqHe reqB:aaa reqBe:aaa reqT resH resHe resB:aaa resBe:aaa resT</c>, where
/// <c>e</c> ends the message. From the server: <c>&lt;reqh &lt;reqb:AAA &lt;reqs:AAA &lt;reqse:AAA &lt;reqt</c>, where <c>b</c> is a plain body
/// and <c>s</c> a streamed one, the same with <c>res</c>, <c>&lt;reqr:XXX</c> to replace, <c>&lt;I</c>, <c>&lt;L &lt;Lb:one &lt;Lbe:two</c>,
/// <c>&lt;nothing</c>, <c>&lt;time</c>, <c>&lt;ok</c>, <c>&lt;error</c>; and <c>late</c> when the time for an answer is over.
/// </summary>
internal sealed class FilterStory : IFilterOutput
{
    private readonly FilterExchange _exchange;
    private readonly Receiver _upstream = new(), _client = new();
    private readonly List<string> _sent = [];

    public FilterStory(FilterSettings settings) => _exchange = new(settings, this);

    /// <summary>What the server was sent, and whether the filter has closed the stream.</summary>
    public string Sent => string.Join(' ', _sent);

    /// <summary>What client and upstream have in the end.</summary>
    public string Seen => $"client {_client}, upstream {_upstream}";

    public FilterStory Play(string words)
    {
        foreach (string word in words.Split(' '))
        {
            Play(word.Split(':'));
        }

        return this;
    }

    void IFilterOutput.Send(Direction direction, ProcessingRequest message) => _sent.Add(message.RequestCase switch
    {
        ProcessingRequest.RequestOneofCase.RequestHeaders => $"reqH{(message.RequestHeaders.EndOfStream ? "e" : "")}",
        ProcessingRequest.RequestOneofCase.RequestBody => $"reqB{(message.RequestBody.EndOfStream ? "e" : "")}:{message.RequestBody.Body.ToStringUtf8()}",
        ProcessingRequest.RequestOneofCase.RequestTrailers => "reqT",
        ProcessingRequest.RequestOneofCase.ResponseHeaders => $"resH{(message.ResponseHeaders.EndOfStream ? "e" : "")}",
        ProcessingRequest.RequestOneofCase.ResponseBody => $"resB{(message.ResponseBody.EndOfStream ? "e" : "")}:{message.ResponseBody.Body.ToStringUtf8()}",
        _ => "resT",
    });

    void IFilterOutput.Close() => _sent.Add("closed");

    void IFilterOutput.Headers(Direction direction, IReadOnlyList<Line> lines, bool end) => Of(direction).Take(lines, end);

    void IFilterOutput.Data(Direction direction, ReadOnlyMemory<byte> bytes, bool end) => Of(direction).Take(bytes.Span, end);

    void IFilterOutput.Trailers(Direction direction, IReadOnlyList<Line> lines) => Of(direction).End(" with trailers");

    void IFilterOutput.Reset(Direction direction) => Of(direction).End(" reset");

    void IFilterOutput.Reply(LocalReply reply)
    {
        _client.Take([new(":status", reply.Status.ToString(CultureInfo.InvariantCulture)), .. reply.Lines], end: false);
        _client.Take(reply.Body.Span, end: true);
    }

    void IFilterOutput.StartTimer(Direction direction, TimeSpan time) => _sent.Add($"timer={time.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}");

    void IFilterOutput.StopTimer(Direction direction)
    {
    }

    void IFilterOutput.TimeExtended(TimeSpan time, bool isTaken)
    {
    }

    void IFilterOutput.ClearRouteCache()
    {
    }

    void IFilterOutput.Metadata(Struct metadata)
    {
    }

    void IFilterOutput.Decided(FilterOutcome outcome, string details)
    {
    }

    void IFilterOutput.Violated(string what)
    {
    }

    private void Play(string[] word)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(word.ElementAtOrDefault(1) ?? "");
        Direction direction = word[0].Contains("res", StringComparison.Ordinal) ? Direction.Response : Direction.Request;
        switch (word[0])
        {
            case "late": _exchange.TimedOut(); break;
            case "<ok": _exchange.ServerEnded(0, ""); break;
            case "<error": _exchange.ServerEnded(13, "failed"); break;
            case ['<', ..]: _exchange.Receive(Answer(word[0], direction, ByteString.CopyFrom(bytes.Span))); break;
            case "reqH" or "reqHe": _exchange.Headers(Direction.Request, [new(":method", "POST"), new(":path", "/")], word[0].EndsWith('e')); break;
            case "resH" or "resHe": _exchange.Headers(Direction.Response, [new(":status", "200")], word[0].EndsWith('e')); break;
            case "reqT" or "resT": _exchange.Trailers(direction, [new("x-trailer", "1")]); break;
            default: _exchange.Data(direction, bytes, word[0].EndsWith('e')); break;
        }
    }

    private static ProcessingResponse Answer(string word, Direction direction, ByteString bytes) => word switch
    {
        "<nothing" => new(),
        "<time" => new() { OverrideMessageTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) },
        "<I" => new() { ImmediateResponse = new() { Status = new() { Code = Envoy.Type.V3.StatusCode.Forbidden }, Body = ByteString.CopyFromUtf8("no") } },
        "<L" => new() { StreamedImmediateResponse = new() { HeadersResponse = new() { Headers = new() { Headers = { new Envoy.Config.Core.V3.HeaderValue { Key = ":status", RawValue = ByteString.CopyFromUtf8("201") } } } } } },
        "<Lb" or "<Lbe" => new() { StreamedImmediateResponse = new() { BodyResponse = new() { Body = bytes, EndOfStream = word.EndsWith('e') } } },
        "<reqt" => new() { RequestTrailers = new() },
        "<rest" => new() { ResponseTrailers = new() },
        "<reqh" or "<resh" => Headers(direction, new()),
        "<reqr" or "<resr" => Headers(direction, new() { Status = CommonResponse.Types.ResponseStatus.ContinueAndReplace, BodyMutation = new() { Body = bytes } }),
        "<reqb" or "<resb" => Body(direction, new() { Body = bytes }),
        "<reqs" or "<reqse" or "<ress" or "<resse" => Body(direction, new() { StreamedResponse = new() { Body = bytes, EndOfStream = word.EndsWith("se", StringComparison.Ordinal) && word != "<ress" } }),
        _ => throw new ArgumentException($"\"{word}\" is not a word of these stories", nameof(word)),
    };

    private static ProcessingResponse Headers(Direction direction, CommonResponse common) =>
        direction is Direction.Request ? new() { RequestHeaders = new() { Response = common } } : new() { ResponseHeaders = new() { Response = common } };

    private static ProcessingResponse Body(Direction direction, BodyMutation mutation) => direction is Direction.Request
        ? new() { RequestBody = new() { Response = new() { BodyMutation = mutation } } }
        : new() { ResponseBody = new() { Response = new() { BodyMutation = mutation } } };

    private Receiver Of(Direction direction) => direction is Direction.Request ? _upstream : _client;

    /// <summary>What came to one side.</summary>
    private sealed class Receiver
    {
        private readonly StringBuilder _body = new();
        private string _first = "nothing", _end = "";

        public void Take(IReadOnlyList<Line> lines, bool end)
        {
            _first = lines.First(line => line.Key is ":status" or ":method").Value;
            _end = end ? " ended" : "";
        }

        public void Take(ReadOnlySpan<byte> bytes, bool end)
        {
            _body.Append(Encoding.UTF8.GetString(bytes));
            _end = end ? " ended" : "";
        }

        public void End(string how) => _end = how;

        public override string ToString() => $"{_first}{(_body.Length > 0 ? $" {_body}" : "")}{_end}";
    }
}
