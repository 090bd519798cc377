using ExtProc.Testing;
using ExtProc.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExtProc.Tests.Transport;

/// <summary>Who makes room first.</summary>
public sealed class GivingOrderTests
{
    private readonly ManualClock _clock = new();

    /// <summary>Calls as <c>address:port=bytes</c>, and in which order they give.</summary>
    public static TheoryData<string, string> Orders => new()
    {
        { "", "" },
        { "1:1=5 1:1=7 1:1=6", "7 6 5" },
        { "1:1=50 1:2=30 1:2=29", "30 50 29" }, // until another holds more
        { "1:1=100 2:1=10 2:2=11 2:3=90", "90 100 11 10" }, // the address counts, over all its connections
        { "1:1=9 2:1=1 2:1=2 2:1=3 2:1=4 2:1=5", "5 4 9 3 2 1" },
        { "1:1=40 2:1=30 2:2=31 2:3=32", "32 31 40 30" },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void Who_holds_most_gives_first(string calls, string order) =>
        Assert.Equal(order, string.Join(' ', GivingOrder.Of(Loads(calls)).Select(load => load.Bytes)));

    [Fact]
    public void A_connection_with_one_small_call_gives_last_beside_one_with_a_thousand()
    {
        CallLoad[] loads = [.. Loads("1:1=10 " + string.Join(' ', Enumerable.Repeat("1:2=10", 1000)))];
        Assert.Equal(999, GivingOrder.Of(loads).Take(999).Count(load => load.Connection == loads[^1].Connection));
    }

    [Fact]
    public void Of_one_connection_those_that_stand_still_give_first()
    {
        CallLoad[] loads = [.. Loads("1:1=10 1:1=20 1:1=30")];
        loads[0] = loads[0] with { Idle = CallLoad.Stuck };
        Assert.Equal([10L, 30L, 20L], GivingOrder.Of(loads).Select(load => load.Bytes));
    }

    private IEnumerable<CallLoad> Loads(string calls)
    {
        TransportBudget budget = new(1 << 20, new GrpcTransportOptions(), _clock, NullLogger<TransportBudget>.Instance);
        Dictionary<string, FakeConnection> connections = [];
        foreach (string[] call in calls.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(call => call.Split(':', '=')))
        {
            (string address, int port, long bytes) = ($"10.0.0.{call[0]}", int.Parse(call[1], null), long.Parse(call[2], null));
            if (!connections.TryGetValue(address + port, out FakeConnection? connection))
            {
                connections[address + port] = connection = new(_clock, address, port);
            }

            yield return new(new HttpGrpcCall(new DefaultHttpContext(), default, default, _clock, default, budget, NullLogger.Instance, connection.Guarded), bytes, TimeSpan.Zero);
        }
    }
}
