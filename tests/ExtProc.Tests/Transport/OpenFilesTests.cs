using ExtProc.Transport.Connections;

namespace ExtProc.Tests.Transport;

public class OpenFilesTests
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData("Max open files            1024                 524288               files", 1024L)]
    [InlineData("Max open files            1048576              1048576              files", 1_048_576L)]
    [InlineData("Max open files            unlimited            unlimited            files", null)]
    [InlineData("Max processes             63000                63000                processes", null)]
    [InlineData("", null)]
    public void The_limit_in_force_is_read_from_the_system(string line, long? limit) =>
        Assert.Equal(limit, OpenFiles.LimitIn(["Limit                     Soft Limit           Hard Limit           Units", line]));

    [Fact]
    public void This_process_has_a_limit() => Assert.InRange(OpenFiles.Limit() ?? long.MaxValue, 64, long.MaxValue);

    [Theory]
    [InlineData(20_000L, 19_488, 256)]
    [InlineData(1_024L, 512, 196)]
    [InlineData(600L, 90, 90)]
    [InlineData(300L, 15, 15)]
    [InlineData(4L, 1, 1)]
    [InlineData(null, int.MaxValue, 256)]
    [InlineData(long.MaxValue, int.MaxValue, 256)]
    public void Connections_leave_files_for_everything_else(long? limit, int connections, int probes)
    {
        Assert.Equal(connections, OpenFiles.RoomForConnections(limit));
        Assert.Equal(probes, OpenFiles.RoomForProbes(limit));
    }

    [Theory]
    [InlineData(0, 64 * MiB, null, 1_000)]
    [InlineData(0, 256 * MiB, null, 2_048)]
    [InlineData(0, 8_192 * MiB, null, 10_000)]
    [InlineData(0, 1_024 * MiB, 1_024L, 512)]
    [InlineData(50, 64 * MiB, 1_024L, 50)]
    [InlineData(50_000, 64 * MiB, 100_000L, 50_000)]
    [InlineData(50_000, 64 * MiB, 1_024L, 512)]
    public void The_limit_of_connections_follows_the_setting_the_budget_and_the_files(int setting, long budgetBytes, long? openFiles, int max) =>
        Assert.Equal(max, ConnectionLimits.Of(new() { MaxConnections = setting }, budgetBytes, openFiles).Max);
}
