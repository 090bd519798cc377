using ExtProc.Pipeline.Encodings;

namespace ExtProc.Tests.Pipeline.Encodings;

/// <summary>Only so many exchanges decode bodies; whoever waits longest for bytes makes room.</summary>
public sealed class DecodingPlacesTests
{
    private readonly List<string> _ended = [];

    [Fact]
    public void Whoever_has_waited_longest_makes_room()
    {
        DecodingPlaces places = new(most: 2);
        DecodingPlaces.Place first = Take(places, "first"), second = Take(places, "second");
        first.Rest();
        second.Rest();
        first.Resume();
        first.Rest();

        DecodingPlaces.Place third = Take(places, "third");

        Assert.Equal(["second"], _ended);
        Assert.Throws<DecodingLimitException>(second.Resume);
        first.Resume();
        third.Resume();
        Assert.Equal(2, places.Taken);
    }

    [Fact]
    public void Whoever_is_at_work_makes_no_room()
    {
        DecodingPlaces places = new(most: 1);
        using DecodingPlaces.Place first = Take(places, "first");

        DecodingLimitException refused = Assert.Throws<DecodingLimitException>(() => Take(places, "second"));

        Assert.Equal("1 exchanges decode bodies at one time, and no more may (limits.decodingExchanges)", refused.Message);
        Assert.Empty(_ended);
    }

    [Fact]
    public void A_place_is_given_back_once()
    {
        DecodingPlaces places = new(most: 1);
        DecodingPlaces.Place first = Take(places, "first");
        first.Rest();
        DecodingPlaces.Place second = Take(places, "second");
        first.Dispose();
        Assert.Equal(1, places.Taken);

        second.Rest();
        second.Dispose();
        second.Dispose();

        Assert.Equal(0, places.Taken);
        Take(places, "third").Dispose();
        Assert.Equal(["first"], _ended);
    }

    [Fact]
    public async Task From_many_threads_no_more_are_taken_than_there_are()
    {
        DecodingPlaces places = new(most: 3);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ComeAndGo(places, 2000)))).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, places.Taken);
    }

    private static void ComeAndGo(DecodingPlaces places, int times)
    {
        for (int time = 0; time < times; time++)
        {
            try
            {
                using DecodingPlaces.Place place = places.Take(() => { });
                place.Rest();
                Assert.InRange(places.Taken, 0, 3);
                place.Resume();
            }
            catch (DecodingLimitException)
            {
                // Another needed it, or none was free.
            }
        }
    }

    private DecodingPlaces.Place Take(DecodingPlaces places, string name) => places.Take(() => _ended.Add(name));
}
