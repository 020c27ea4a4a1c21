using BenchmarkDotNet.Running;
using OrleansCallback.Bench;

// dotnet run -c Release --project tests/Bench -- --filter '*'
// dotnet run -c Release --project tests/Bench -- live-calls     CPU and memory of a call with 100 and with 5,000 live ones
if (args is ["live-calls"])
{
    LiveCalls.Report(Console.Out);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, BenchConfig.InThisProcess);
