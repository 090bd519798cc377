using ExtProc.Testing;
using ExtProc.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExtProc.Tests.Transport;

/// <summary>What streams hold whose peers do not end them, and who pays for it.</summary>
public sealed class UnfinishedStreamsTests
{
    private readonly ManualClock _clock = new();
    private readonly TransportBudget _budget;

    public UnfinishedStreamsTests() => _budget = new(100_000_000, new GrpcTransportOptions(), _clock, NullLogger<TransportBudget>.Instance);

    [Fact]
    public void They_count_until_Kestrel_has_let_go_of_them()
    {
        FakeConnection peer = new(_clock);
        Leave(peer, 1000);
        _clock.Advance(UnfinishedStreams.KeptFor / 2);
        Leave(peer, 500);
        _budget.Unfinished.ReturnOverdue();
        Assert.Equal((1500, 1500), (_budget.UsedBytes, peer.Guarded.StreamBytes));

        _clock.Advance(UnfinishedStreams.KeptFor / 2);
        _budget.Unfinished.ReturnOverdue();
        Assert.Equal((500, 500), (_budget.UsedBytes, peer.Guarded.StreamBytes));

        _clock.Advance(UnfinishedStreams.KeptFor / 2);
        _budget.Unfinished.ReturnOverdue();
        Assert.Equal((0, 0), (_budget.UsedBytes, peer.Guarded.StreamBytes));
    }

    [Fact]
    public void The_connection_that_has_most_of_them_is_closed_and_what_it_had_is_returned_once()
    {
        FakeConnection few = new(_clock), many = new(_clock, port: 2000);
        Leave(few, 300);
        Leave(many, 200);
        Leave(many, 200);
        GoOn(few, many);

        Assert.Equal((400, many.RemoteEndPoint), _budget.Unfinished.CloseLargest(100));
        Assert.Equal((false, true, 300), (few.IsClosed, many.IsClosed, _budget.UsedBytes));

        _clock.Advance(UnfinishedStreams.KeptFor);
        _budget.Unfinished.ReturnOverdue();
        Assert.Equal(0, _budget.UsedBytes);
    }

    [Fact]
    public void Few_of_them_are_no_reason()
    {
        FakeConnection peer = new(_clock);
        Leave(peer, 99);
        GoOn(peer);

        Assert.Equal((0, null), _budget.Unfinished.CloseLargest(100));
        Assert.False(peer.IsClosed);
    }

    [Fact]
    public void A_peer_that_has_done_nothing_since_may_be_stopped_for_a_moment_and_is_left_alone()
    {
        FakeConnection stopped = new(_clock), busy = new(_clock, port: 2000);
        GoOn(stopped);
        Leave(stopped, 1000);
        Leave(busy, 200);
        GoOn(busy);

        Assert.Equal((200, busy.RemoteEndPoint), _budget.Unfinished.CloseLargest(100));
        Assert.Equal((0, null), _budget.Unfinished.CloseLargest(100));
        Assert.False(stopped.IsClosed);
    }

    [Fact]
    public void A_connection_that_its_peer_closes_returns_them_at_once()
    {
        FakeConnection peer = new(_clock);
        Leave(peer, 1000);
        peer.Abort();
        Assert.Equal(0, _budget.UsedBytes);
    }

    private void Leave(FakeConnection peer, long bytes)
    {
        peer.Guarded.AddStream(bytes, _clock.GetTimestamp());
        _budget.Take(bytes);
        _budget.Unfinished.Add(peer.Guarded, bytes);
    }

    // Opens another stream, a moment later, which costs nothing.
    private void GoOn(params FakeConnection[] peers)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        foreach (FakeConnection peer in peers)
        {
            peer.Guarded.AddStream(0, _clock.GetTimestamp());
        }
    }
}
