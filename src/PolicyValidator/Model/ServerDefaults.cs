namespace PolicyValidator.Model;

/// <summary>The server's settings where an <c>extproc.yaml</c> says nothing; a test compares them with the server's own.</summary>
internal static class ServerDefaults
{
    /// <summary><c>limits.handlerTimeout</c>, in seconds.</summary>
    public const decimal HandlerSeconds = 10;

    /// <summary><c>transport.receiveLimitBytes</c>.</summary>
    public const decimal ReceiveLimitBytes = 32 * 1024 * 1024;
}
