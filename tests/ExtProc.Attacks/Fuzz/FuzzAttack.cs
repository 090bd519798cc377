using System.Collections.Concurrent;
using System.Globalization;
using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using Tests.Shared;

namespace ExtProc.Attacks.Fuzz;

/// <summary>
/// Sends recorded conversations, first as they are and then changed by chance. Says its seed, and keeps its last inputs for when
/// the server did not withstand them: a file of these put beside the recordings is sent each time from then on.
/// </summary>
internal abstract class FuzzAttack : Attack
{
    private const string SeedVariable = "FUZZ_SEED";
    private const int AtOnce = 8, KeptInputs = 200;

    // The end of a connection ends its calls, so they get a moment.
    private static readonly TimeSpan ReplyTime = TimeSpan.FromMilliseconds(30), Patience = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<byte[]> _inputs = new();

    /// <inheritdoc/>
    public override Attacker By => Attacker.Peer;

    /// <inheritdoc/>
    public override TimeSpan Longest => TimeSpan.FromMinutes(2);

    /// <summary>Where its chances come from; FUZZ_SEED sets it.</summary>
    public int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out int seed) ? seed : Random.Shared.Next();

    /// <summary>What real Envoys said.</summary>
    protected static IReadOnlyList<Conversation> Recordings { get; } = Conversation.All(Repository.PathOf("tests", "Shared", "Conversations"));

    /// <summary>A whole input: all bytes of one connection.</summary>
    protected abstract byte[] Make(Random random);

    /// <inheritdoc/>
    public override async Task RunAsync(Target target)
    {
        int next = 0, count = target.Count(brief: 60, full: 80_000);
        await Task.WhenAll(Recordings.Select(recording => SendAsync(target, recording.Bytes)));
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count && !target.Over.IsCancellationRequested;)
            {
                await SendAsync(target, Make(new Random(Seed + i)));
            }
        }));
    }

    /// <summary>Writes the last inputs into files.</summary>
    /// <returns>Where they are.</returns>
    public string SaveInputs()
    {
        string folder = Directory.CreateDirectory(Repository.PathOf("artifacts", "fuzz", $"{this}-{Seed}")).FullName;
        foreach ((int index, byte[] input) in _inputs.ToArray().Index())
        {
            File.WriteAllBytes(Path.Combine(folder, $"{index}.bin"), input);
        }

        return folder;
    }

    private async Task SendAsync(Target target, byte[] input)
    {
        _inputs.Enqueue(input);
        while (_inputs.Count > KeptInputs)
        {
            _inputs.TryDequeue(out _);
        }

        Peer peer = await target.ConnectAsync();
        await peer.WriteAsync(input);
        await peer.ClosedAsync(ReplyTime);
        peer.HalfClose();
        await peer.ClosedAsync(Patience);
        await peer.DisposeAsync();
    }
}
