using ExtProc.Configuration.Reading;
using ExtProc.Telemetry;
using Tests.Shared;

namespace ExtProc.Tests.Hosting;

public class ExchangeLogTests
{
    [Fact]
    public void A_line_says_what_came_what_left_what_it_took_and_how_it_ended()
    {
        PhaseTimes times = default;
        times[ExchangePhase.RequestHeaders] = TimeSpan.FromMilliseconds(0.1);
        times[ExchangePhase.ResponseBody] = TimeSpan.FromMilliseconds(12);
        ExchangeSummary exchange = new()
        {
            Id = "5f0c-7a1e",
            Method = "POST",
            Path = "/orders",
            Status = 200,
            RequestBytes = (12, 14),
            ResponseBytes = (5, 0),
            Times = times,
            Changes = ExchangeChanges.RequestHeaders | ExchangeChanges.ResponseBody,
            Completion = new(ExchangeOutcome.Ended, TimeSpan.FromMilliseconds(20.5), 12, 5),
        };

        Assert.Equal(
            "5f0c-7a1e POST /orders status=200 request=12>14B response=5>0B times=rqh:0.1ms,rsb:12.0ms changed=request_headers,response_body ended=ended in=20.5ms",
            ExchangeLog.Line(exchange));
    }

    [Fact]
    public void What_was_not_seen_is_a_dash_and_a_failure_names_its_processor()
    {
        ExchangeSummary exchange = new() { Completion = new(ExchangeOutcome.TimedOut, TimeSpan.FromSeconds(10), 0, 0, "handler_timeout", "replace") };

        Assert.Equal(
            "- - - status=- request=0>0B response=0>0B times=- changed=- ended=timed_out by=replace reason=handler_timeout in=10000.0ms",
            ExchangeLog.Line(exchange));
    }

    [Theory]
    [InlineData("/login?token=secret", "/login?...")]
    [InlineData("/a b", "\"/a b\"")]
    [InlineData("/x\nPOST /y status=200", "\"/x\\u000aPOST /y status=200\"")]
    [InlineData("/\"q\"", "\"/\\u0022q\\u0022\"")]
    [InlineData("/ümlaut", "\"/\\u00fcmlaut\"")]
    [InlineData("/a=b", "\"/a=b\"")]
    public void A_path_can_neither_hide_a_field_nor_make_a_line_nor_show_its_query(string path, string shown) =>
        Assert.StartsWith($"- GET {shown} status=- ", ExchangeLog.Line(new() { Method = "GET", Path = path }), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "-")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("x\n2026-01-01T00:00:00.000Z y GET /", "\"x\\u000a2026-01-01T00:00:00.000Z y GET /\"")]
    [InlineData("status=200", "\"status=200\"")]
    public void A_request_id_stands_first_and_can_neither_hide_a_field_nor_make_a_line(string id, string shown) =>
        Assert.StartsWith($"{shown} GET / status=- ", ExchangeLog.Line(new() { Id = id, Method = "GET", Path = "/" }), StringComparison.Ordinal);

    [Fact]
    public void The_document_explains_every_key_phase_change_and_end()
    {
        string document = File.ReadAllText(Repository.PathOf("docs/logs.md"));
        PhaseTimes times = default;
        Enumerable.Range(0, 6).ToList().ForEach(phase => times[phase] = TimeSpan.FromSeconds(1));
        string line = ExchangeLog.Line(new() { Times = times, Notes = ["n"], Completion = new(ExchangeOutcome.Failed, TimeSpan.Zero, 0, 0, "r", "p") });
        IEnumerable<string> keys = line.Split(' ').Where(word => word.Contains('=', StringComparison.Ordinal)).Select(word => $"`{word.Split('=')[0]}=`");
        IEnumerable<string> ends = Enum.GetValues<ExchangeOutcome>().Select(end => $"`{ConfigKey.UpperSnake(end.ToString()).ToLowerInvariant()}`");
        IEnumerable<string> changes = Enum.GetValues<ExchangeChanges>().Where(change => change > ExchangeChanges.ResponseTrailers).Select(change => $"`{change.ToString().ToLowerInvariant()}`");

        Assert.All([.. keys, .. ends, .. changes, .. ExchangeLog.PhaseNames.Select(name => $"`{name}`")], word => Assert.Contains(word, document, StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_path_is_cut() => Assert.InRange(ExchangeLog.Line(new() { Path = "/" + new string('x', 10_000) }).Length, 200, 400);
}
