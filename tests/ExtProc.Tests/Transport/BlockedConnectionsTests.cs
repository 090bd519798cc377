using ExtProc.Testing;
using ExtProc.Transport.Connections;

namespace ExtProc.Tests.Transport;

/// <summary>Which connections are closed of those whose peers read nothing.</summary>
public sealed class BlockedConnectionsTests
{
    private const int Besides = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();
    private readonly BlockedConnections _blocked;

    public BlockedConnectionsTests() => _blocked = new(_clock);

    [Fact]
    public void One_is_closed_when_it_has_been_so_for_long_enough()
    {
        FakeConnection peer = Blocked(untakenBytes: 50);
        _clock.Advance(Patience - TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, 0), _blocked.Close(Patience, 1, Besides));
        Assert.False(peer.IsClosed);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((1, 150), _blocked.Close(Patience, 1, Besides));
        Assert.True(peer.IsClosed);
        Assert.Equal((0, 0), _blocked.Close(Patience, 1, Besides));
    }

    [Fact]
    public void One_whose_peer_has_read_again_stays()
    {
        FakeConnection peer = Blocked(untakenBytes: 50);
        _clock.Advance(Patience);
        _blocked.End(peer.Guarded);
        Assert.Equal((0, 0), _blocked.Close(Patience, 1, Besides));

        _blocked.Begin(peer.Guarded);
        Assert.Equal((0, 0), _blocked.Close(Patience, 1, Besides));
        Assert.False(peer.IsClosed);
    }

    [Fact]
    public void No_more_are_closed_than_make_room_and_those_for_which_most_waits_go_first()
    {
        FakeConnection little = Blocked(10), most = Blocked(1000), much = Blocked(900);
        _clock.Advance(Patience);

        Assert.Equal((2, 2100), _blocked.Close(Patience, 1101, Besides));
        Assert.Equal((false, true, true), (little.IsClosed, most.IsClosed, much.IsClosed));
    }

    [Fact]
    public void Of_equals_the_one_that_has_been_so_for_longest_goes_first()
    {
        FakeConnection first = Blocked(10);
        _clock.Advance(Patience);
        FakeConnection second = Blocked(10);
        _clock.Advance(Patience);

        Assert.Equal((1, 110), _blocked.Close(Patience, 1, Besides));
        Assert.Equal((true, false), (first.IsClosed, second.IsClosed));
    }

    private FakeConnection Blocked(int untakenBytes)
    {
        FakeConnection peer = new(_clock);
        peer.Guarded.AddUntaken(untakenBytes);
        _blocked.Begin(peer.Guarded);
        return peer;
    }
}
