[assembly: Parallelize(Workers = 6, Scope = ExecutionScope.MethodLevel)]
