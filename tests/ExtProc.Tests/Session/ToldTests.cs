using ExtProc.Pipeline;
using ExtProc.Testing;
using ExtProc.Tests.Pipeline;

namespace ExtProc.Tests.Session;

/// <summary>
/// Envoy and the client learn reasons and names. What a peer sent and what an author's code throws stands in the log, cut short, and
/// nowhere else.
/// </summary>
public sealed class ToldTests
{
    private const string Secret = "t0ken-5f0c";

    private static readonly string Long = string.Concat(Enumerable.Repeat($"{Secret}ä\r\n", 1000));

    /// <summary>Each brings something received, or an exception's text, into a failure.</summary>
    private static readonly Dictionary<string, Play> Failures = new()
    {
        ["an exception's message"] = Through(_ => throw new InvalidDataException($"cannot read {Long}")),
        ["an exception within an exception"] = Through(_ => throw new AggregateException(new InvalidDataException(Long))),
        ["a header's value in an exception"] = Through(exchange => throw new InvalidDataException(exchange.RequestHeaders["authorization"])).Request("POST", "/", "body", [("authorization", Secret)]),
        ["a path in an exception"] = Through(exchange => throw new FileNotFoundException($"no file for {exchange.Path}")).Request("POST", $"/{Secret}", "body"),
        ["a refusal's message"] = Through(_ => throw new ExchangeRefusedException("denied", $"no {Long}")),
        ["a refusal's reason that is no code"] = Through(_ => throw new ExchangeRefusedException($"denied {Secret}", "no")),
        ["a refusal's reason that is long"] = Through(_ => throw new ExchangeRefusedException(string.Concat(Enumerable.Repeat(Secret, 10)), "no")),
        ["a header's name"] = Through(exchange => exchange.RequestHeaders.Set($"x-envoy-{Secret}", "1")),
        ["a header's name that is none"] = Through(exchange => exchange.RequestHeaders.Set($"{Secret} x", "1")),
        ["a namespace of metadata"] = Through(exchange => exchange.SetMetadata(Secret, "key", "value")).Envoy(envoy => envoy with { ReceivingNamespaces = ["another"] }),
        ["a content-type"] = Redacting("content-type", $"application/{Secret}"),
        ["a content-type of two"] = Redacting("content-type", $"text/plain, {Secret}/x"),
        ["a charset"] = Redacting("content-type", $"text/plain; charset={Secret}"),
        ["a boundary"] = Redacting("content-type", $"multipart/mixed; boundary={string.Concat(Enumerable.Repeat(Secret, 10))}"),
        ["a content-encoding"] = Redacting("content-encoding", Secret),
        ["a content-encoding of letters that are no text"] = Redacting("content-encoding", Long.ReplaceLineEndings("")),
        ["a response's content-type"] = Through(() => new() { Needs = ReadsText, ResponseBody = (_, _, _) => Verdict.Continue }).Response(200, "body", [("content-type", $"image/{Secret}")]),
    };

    public static TheoryData<string, OnError> All
    {
        get
        {
            TheoryData<string, OnError> all = [];
            foreach ((string failure, OnError onError) in from failure in Failures.Keys from onError in Enum.GetValues<OnError>() select (failure, onError))
            {
                all.Add(failure, onError);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Neither_Envoy_nor_the_client_is_told_what_was_received_or_thrown(string failure, OnError onError)
    {
        Seen seen = await Failures[failure].OnError(onError).RunAsync();

        AssertNothingTold(seen);
        Assert.Equal(onError is OnError.Skip, seen.Outcome is PlayOutcome.Passed);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_same_where_Envoy_takes_no_answers(string failure, OnError onError)
    {
        Seen seen = await Failures[failure].OnError(onError).Envoy(envoy => envoy with { DisableImmediateResponse = true }).RunAsync();

        AssertNothingTold(seen);
        Assert.Equal(onError is OnError.Skip ? PlayOutcome.Passed : PlayOutcome.Failed, seen.Outcome);
    }

    [Theory]
    [InlineData(OnError.Fail, "", "denied: processor \"Scripted\"")]
    [InlineData(OnError.Respond, "denied: processor \"Scripted\"", "")]
    public async Task They_are_told_the_reason_and_the_name(OnError onError, string client, string status)
    {
        Seen seen = await Failures["a refusal's message"].OnError(onError).RunAsync();

        Assert.Equal((client, status), (onError is OnError.Fail ? "" : seen.Client.Body, seen.GrpcMessage));
    }

    [Fact]
    public async Task The_log_says_more()
    {
        Seen seen = await Failures["a refusal's message"].OnError(OnError.Fail).RunAsync();

        Assert.Contains(Secret, Assert.Single(seen.Logs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_the_processors_own_says_what_it_likes()
    {
        Seen seen = await Play.Through(() => new Scripted { RequestHeaders = (exchange, _) => Verdict.Respond(403, $"not you, {exchange.RequestHeaders["x-user"]}") })
            .Request("GET", "/", "", [("x-user", Secret)]).RunAsync();

        Assert.Equal((403, $"not you, {Secret}"), (seen.Client.Status, seen.Client.Body));
    }

    [Theory]
    [InlineData("denied_by_rule-4.2", "denied_by_rule-4.2")]
    [InlineData("two words", "two_words")]
    [InlineData("tab\tand\u001b[31m\u2028", "tab_and_[31m_")]
    public async Task The_details_of_an_answer_are_one_word(string details, string shown)
    {
        Seen seen = await Responding(new LocalResponse(403) { Details = details }).RunAsync();

        Assert.Equal((shown, shown), (seen.Details, seen.Completion.Reason));
    }

    [Fact]
    public async Task Long_details_are_cut()
    {
        Seen seen = await Responding(new LocalResponse(403) { Details = Long }).RunAsync();

        Assert.Equal(128, seen.Details.Length);
    }

    /// <summary>Envoy makes a header of it, percent-encoded.</summary>
    [Theory]
    [InlineData("x", 2048)]
    [InlineData("ä", 2048)]
    [InlineData("€", 2046)]
    [InlineData("🐈", 2048)]
    public async Task A_text_for_a_grpc_client_is_cut_after_a_whole_character(string character, int bytes)
    {
        string text = string.Concat(Enumerable.Repeat(character, 5000));

        Seen seen = await Responding(new LocalResponse(403) { Text = text }).Request("POST", "/", "", [("content-type", "application/grpc")]).RunAsync();

        string message = Uri.UnescapeDataString(seen.Client["grpc-message"]!);
        Assert.Equal(bytes, System.Text.Encoding.UTF8.GetByteCount(message));
        Assert.StartsWith(message, text, StringComparison.Ordinal);
    }

    private static void AssertNothingTold(Seen seen)
    {
        Assert.DoesNotContain(Secret, seen.GrpcMessage, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, seen.Details, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, seen.Metadata.ToString(), StringComparison.Ordinal);
        if (seen.Outcome is not PlayOutcome.Passed)
        {
            Assert.DoesNotContain(Secret, seen.Client.Body + string.Join('|', seen.Client.Headers), StringComparison.Ordinal);
        }
    }

    private static Play Responding(LocalResponse response) => Play.Through(() => new Scripted { RequestHeaders = (_, _) => Verdict.Respond(response) });

    private static Play Redacting(string name, string value) => Through(() => new() { Needs = ReadsText, RequestBody = (_, _, _) => Verdict.Continue })
        .Request("POST", "/", "body", name == "content-type" ? [(name, value)] : [("content-type", "text/plain"), (name, value)]);

    private static void ReadsText(Needs needs)
    {
        BodyNeed text = BodyNeed.Stream() with { Reads = BodyTypes.Text with { Parts = true } };
        needs.RequestBody = needs.RequestBody.Shape is BodyShape.None ? BodyNeed.None : text;
        needs.ResponseBody = needs.ResponseBody.Shape is BodyShape.None ? BodyNeed.None : text;
    }

    private static Play Through(Action<Exchange> act) => Through(() => new Scripted { RequestHeaders = (exchange, _) => Then(() => act(exchange)) });

    private static Play Through(Func<Scripted> create) => Play.Through(create)
        .Request("POST", "/", "body", [("content-type", "text/plain")])
        .Response(200, "answer", [("content-type", "text/plain")]);

    private static ValueTask<Verdict> Then(Action act)
    {
        act();
        return Verdict.Continue;
    }
}
