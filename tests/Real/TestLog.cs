using Microsoft.Extensions.Logging;

namespace OrleansCallback.Tests;

/// <summary>Shows what the code under test warns of with the test that made it.</summary>
sealed class TestLog : ILoggerProvider, ILogger
{
    readonly ITestOutputHelper? output = TestContext.Current.TestOutputHelper;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            output?.WriteLine($"{logLevel}: {formatter(state, exception)} {exception?.GetType().Name} {exception?.Message}");
        }
        catch (InvalidOperationException)
        {
            // The test has ended; its log has too.
        }
    }

    public void Dispose() { }
}
