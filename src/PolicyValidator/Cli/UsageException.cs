namespace PolicyValidator.Cli;

/// <summary>The command line cannot be obeyed; the message says what to write instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
