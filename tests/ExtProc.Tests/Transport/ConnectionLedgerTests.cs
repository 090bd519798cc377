using ExtProc.Testing;
using ExtProc.Transport.Connections;
using Microsoft.AspNetCore.Connections;

namespace ExtProc.Tests.Transport;

/// <summary>Which connection makes room for a new one.</summary>
public sealed class ConnectionLedgerTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly ManualClock _clock = new();

    [Fact]
    public void One_that_is_new_is_left_alone_for_a_moment()
    {
        ConnectionLedger ledger = new(_clock);
        GuardedConnection first = Entered(ledger);
        _clock.Advance(Moment / 2);
        Entered(ledger);

        Assert.Null(ledger.TakeLongestWaiting(Moment, out ConnectionStage stage));
        Assert.Equal(ConnectionStage.Silent, stage);

        _clock.Advance(Moment / 2);
        Assert.Same(first, ledger.TakeLongestWaiting(Moment, out _));
        Assert.Null(ledger.TakeLongestWaiting(Moment, out _));
    }

    [Fact]
    public void Where_all_have_calls_there_is_nobody_to_wait_for()
    {
        ConnectionLedger ledger = new(_clock);
        Entered(ledger).BeginCall();

        Assert.Null(ledger.TakeLongestWaiting(Moment, out ConnectionStage stage));
        Assert.Equal(ConnectionStage.Closed, stage);
    }

    private static GuardedConnection Entered(ConnectionLedger ledger)
    {
        GuardedConnection connection = new(ledger, new DefaultConnectionContext($"{Guid.NewGuid()}"));
        ledger.Enter(connection);
        return connection;
    }
}
