using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Streams;

/// <summary>What a real Envoy can be made to send at the start of a stream is served, or refused with a line that says what to do.</summary>
public sealed class SentStreamTests(SendingLabs labs) : IClassFixture<SendingLabs>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string, GrpcClient, string> Each
    {
        get
        {
            var data = new TheoryData<string, GrpcClient, string>();
            foreach (var (version, client, sending) in from version in Versions.Tested from client in Enum.GetValues<GrpcClient>() from sending in Sendings.All where sending.FateWith(client) is { IsTried: true } select (version, client, sending))
            {
                data.Add(version, client, sending.ToString());
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task What_Envoy_sends_is_served_or_refused_with_a_line(string version, GrpcClient client, string what)
    {
        using var deadline = new CancellationTokenSource(Patience);
        Sending sending = Sendings.All.Single(sending => sending.ToString() == what);
        Fate fate = sending.FateWith(client)!;
        SendingLab lab = await labs.On(version);
        SendingPlace place = lab.Place(sending, client);

        Answer answer = await lab.AskAsync(place, deadline.Token);

        if (!fate.IsSent)
        {
            AssertUnsent(place, answer);
            return;
        }

        if (!fate.EndsConnection)
        {
            AssertArrived(sending, fate, place, $"{answer}\n{lab.EnvoyLog}");
        }

        if (fate.Says is null)
        {
            AssertServed(sending, place, answer, lab);
        }
        else
        {
            await AssertRefusedAsync(fate, place, answer, deadline.Token);
        }
    }

    // Where the server closes the connection it may do so in the middle of the header block.
    private static void AssertArrived(Sending sending, Fate fate, SendingPlace place, string otherwise)
    {
        Fields? request = place.Spy.Request;
        Assert.True(request is not null, $"no stream arrived; {otherwise}");
        Assert.All(sending.Expected(fate), field => Assert.Equal(field.Value, request[field.Name]));
        Assert.All(sending.Forbidden(fate), field => Assert.NotEqual(field.Value, request[field.Key]));
    }

    private static void AssertServed(Sending sending, SendingPlace place, Answer answer, SendingLab lab)
    {
        Assert.True((200, "yes") == (answer.Status, answer.Headers[SendingLab.Mark]), $"{answer}\n{lab.EnvoyLog}\n{string.Join('\n', place.Host.Log.All.TakeLast(5))}");
        Assert.Equal((1, 0), (place.Spy.Connections, place.Spy.GoAways));
        Assert.Equal((byte?)(sending.IsCompressed ? 1 : 0), place.Spy.MessageFlag);
    }

    private static async Task AssertRefusedAsync(Fate fate, SendingPlace place, Answer answer, CancellationToken cancel)
    {
        Assert.Equal((500, null), (answer.Status, answer.Headers[SendingLab.Mark]));
        string line = await RefusalAsync(place, cancel);
        Assert.Contains(fate.Says!, line, StringComparison.Ordinal);
        if (!fate.EndsConnection)
        {
            Assert.Equal((1, 0), (place.Spy.OpenConnections, place.Spy.GoAways));
            return;
        }

        // A GOAWAY in front of an end with unread bytes may never be seen.
        while (place.Spy.OpenConnections > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancel);
        }
    }

    private static void AssertUnsent(SendingPlace place, Answer answer)
    {
        Assert.Equal((500, null), (answer.Status, answer.Headers[SendingLab.Mark]));
        Assert.Null(place.Spy.Request);
    }

    private static async Task<string> RefusalAsync(SendingPlace place, CancellationToken cancel)
    {
        while (true)
        {
            if (place.Host.Log.All.FirstOrDefault(line => line.Contains("refused", StringComparison.Ordinal)) is { } line)
            {
                return line;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancel);
        }
    }
}
