namespace ExtProc.Tests.Transport;

/// <summary>Waits for a condition that nothing announces.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var late = new CancellationTokenSource(RawHttp2Client.Patience);
        while (!condition())
        {
            Assert.False(late.IsCancellationRequested, $"waited {RawHttp2Client.Patience.TotalSeconds} s until {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }
}
