using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using ExtProc.Benchmarks.InProcess;

// `allocation` prints one number for `make bench`; anything else goes to BenchmarkDotNet, such as --filter '*Chunk*'.
if (args is ["allocation"])
{
    Console.WriteLine(Allocation.PerChunk(64 << 10).ToString(CultureInfo.InvariantCulture));
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Allocation).Assembly).Run(args, DefaultConfig.Instance.WithArtifactsPath("artifacts/benchmarks"));
