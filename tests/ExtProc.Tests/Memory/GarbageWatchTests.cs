using System.Runtime.CompilerServices;
using ExtProc.Memory;
using ExtProc.Tests.Transport;

namespace ExtProc.Tests.Memory;

/// <summary>Garbage that has grown old is collected before it is much.</summary>
public sealed class GarbageWatchTests
{
    [Fact]
    public async Task Old_garbage_is_collected_while_only_young_garbage_is_made()
    {
        GarbageWatch watch = new(limitBytes: 1 << 20, () => 1 << 19, TimeProvider.System);
        WeakReference[] old = GrowOld();
        await Until.TrueAsync(() => !MakeYoungGarbage() && old.All(array => !array.IsAlive), "the old garbage is collected");
        GC.KeepAlive(watch);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] GrowOld()
    {
        byte[][] arrays = [.. Enumerable.Range(0, 1000).Select(_ => new byte[32 * 1024])];
        GC.Collect(generation: 1);
        GC.Collect(generation: 1);
        return [.. arrays.Select(array => new WeakReference(array))];
    }

    private static bool MakeYoungGarbage()
    {
        byte[]?[] arrays = new byte[1000][];
        for (int i = 0; i < arrays.Length; i++)
        {
            arrays[i] = new byte[10_000];
        }

        return arrays[^1] is null;
    }
}
